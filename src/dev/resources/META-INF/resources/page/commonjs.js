// Mini programs load the client as a CommonJS module. This object receives its exports.
globalThis.module = { exports: {} }
