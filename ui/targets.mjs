// Browsers that know light-dark() themselves: the usual replacement of it ignores the page's own color-scheme.
export const cssTarget = ["chrome123", "edge123", "firefox121", "safari17.5"];
