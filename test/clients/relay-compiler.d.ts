declare module 'relay-compiler' {
  /** Where the program is. Null where there is none for this machine. */
  const path: string | null;
  export default path;
}
