/**
 * The CDK app of a user, by context: `runners` is the path of a folder of runners, `tableStreamArn` the stream of a kept
 * table. Its stacks:
 *
 * - `Shop` embeds two deployments, of the roots `Shop` and `nightly`, the second one with a key of the user;
 * - `Twin` is another deployment of the root `Shop`, which cannot exist beside the first one;
 * - `Heir` has the root `Shop` and the kept table, for the time after `Shop` is destroyed.
 */
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Cloudtab } from '../../lib/deploy/constructs/cloudtab.ts';
import { CloudtabStack } from '../../lib/deploy/constructs/cloudtab-stack.ts';

const app = new App();
const runners: string = app.node.tryGetContext('runners');
const tableStreamArn: string | undefined = app.node.tryGetContext('tableStreamArn');

const shop = new Stack(app, 'Shop');
new Cloudtab(shop, 'Cloudtab', { runners });
const encryptionKey = new Key(shop, 'Key', { removalPolicy: RemovalPolicy.DESTROY });
new Cloudtab(shop, 'Nightly', { runners, root: 'nightly', encryptionKey });
new CloudtabStack(app, 'Twin', { runners, root: 'Shop' });
if (tableStreamArn) new CloudtabStack(app, 'Heir', { runners, root: 'Shop', tableStreamArn });
