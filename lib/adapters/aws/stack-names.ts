/** What messages and hints call a deployment. */
export function stackNames(stack: string, root: string | undefined, location: string) {
  return {
    option: root === undefined ? `--stack ${stack}` : `--stack ${stack} --root ${root}`,
    name: root === undefined ? `the stack ${stack}` : `the root ${root} of the stack ${stack}`,
    title: `stack ${stack}${root === undefined ? '' : ` (root ${root})`}, ${location}`,
  };
}
