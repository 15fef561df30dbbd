"""Mail: letters made of templates, and the ways to hand them on."""
