/** Stands in for the SDK's own SHA-256 in the bundles of Lambdas: it counts for a Node that has none. */
export class Sha256Js {
  constructor() {
    throw new Error('This Node has no SHA-256.');
  }
}
