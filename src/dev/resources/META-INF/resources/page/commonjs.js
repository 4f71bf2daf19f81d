// The client is a CommonJS module, as a mini program loads it: this is the module that it fills.
globalThis.module = { exports: {} }
