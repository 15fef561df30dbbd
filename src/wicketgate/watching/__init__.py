"""What operators see: metrics for Prometheus and traces for OpenTelemetry, each an extra that is off by default."""
