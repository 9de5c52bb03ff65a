/** How kafkajs writes what members of a group tell each other, which its published types do not cover. */
declare module 'kafkajs/src/consumer/assignerProtocol.js' {
  const protocol: {
    readonly MemberMetadata: {
      encode(metadata: { readonly version: number; readonly topics: readonly string[] }): Buffer;
    };
    readonly MemberAssignment: {
      encode(assignment: {
        readonly version: number;
        readonly assignment: Readonly<Record<string, readonly number[]>>;
      }): Buffer;
    };
  };
  export default protocol;
}
