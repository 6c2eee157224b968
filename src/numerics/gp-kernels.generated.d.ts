/** What `scripts/build-kernels.mjs` makes of `assembly/`: a WebAssembly module, in base64. */
export const GP_KERNELS: string;
