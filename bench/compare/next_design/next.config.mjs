export default { outputFileTracingRoot: import.meta.dirname, serverExternalPackages: ["bcrypt"], poweredByHeader: false };
