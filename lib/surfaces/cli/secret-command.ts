/** Defines the command that keeps secrets. */
import { Argument, type Command } from 'commander';
import { OWN_SECRETS } from '../../core/domain/names.ts';
import { addSiteCommand, nameTarget, print, type SiteOptions } from './options.ts';
import type { SecretAction } from './secret.ts';

const ACTIONS: readonly SecretAction[] = ['set', 'ls', 'rm'];

interface SecretOptions extends SiteOptions {
  readonly deployment?: boolean;
}

export function secretCommand(program: Command): void {
  addSiteCommand(program, 'secret', 'keep the secrets of a site', [
    'cloudtab secret set api-token',
    'pass api-token | cloudtab secret set api-token --stack Cloudtab',
    'cloudtab secret set heartbeat --deployment',
  ])
    .addArgument(new Argument('<action>', 'what to do').choices(ACTIONS))
    .argument('[name]', 'its name; its value is asked for, or read from standard input')
    .option('--deployment', 'the secret of the deployment or folder itself: the URL of the heartbeat')
    .action(async (action: SecretAction, name: string | undefined, options: SecretOptions) => {
      const { openSecrets } = await import('../../client/chosen-target.ts');
      const [{ readSecret, secret }, { resultText }] = await Promise.all([
        import('./secret.ts'),
        import('./output.ts'),
      ]);
      const target = await openSecrets(options);
      if (action !== 'ls') await nameTarget(target, options);
      const site = options.deployment ? OWN_SECRETS : options.site;
      const place = { name, site };
      const readValue = () => readSecret(process.stdin, process.stderr);
      print(resultText({ ...(await secret(target.secrets, action, place, readValue)) }, options));
    });
}
