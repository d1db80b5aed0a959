/** A browser script and all it imports, as one string; the build and the tests make it with esbuild. */
declare module '*?bundle' {
  const script: string;
  export default script;
}
