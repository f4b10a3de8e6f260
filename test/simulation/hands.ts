/** The person's hands: what is done to the registry, told to the judge, and made known by the cloud. */
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Cloud } from './cloud.ts';
import type { Judge } from './judge.ts';
import type { Loop } from './loop.ts';
import type { MemoryRegistry } from './memory-registry.ts';
import type { Hands } from './person.ts';
import { BY_PERSON } from './story.ts';

interface HandsParts {
  readonly loop: Loop;
  readonly registry: MemoryRegistry;
  readonly judge: Judge;
  readonly cloud: Cloud;
  readonly tell: (what: string, key: Partial<ParameterKey>) => void;
}

export function handsOn({ loop, registry, judge, cloud, tell }: HandsParts): Hands {
  let asked = 0;
  const written = (key: ParameterKey, text: string) => {
    judge.count('edits');
    tell(`${BY_PERSON} writes ${text}`, key);
    return registry.write(key, text);
  };
  return {
    writeCron: (key, text, meaning) => {
      judge.cronEdited(key, written(key, text), meaning);
      cloud.changed(key);
    },
    writeSwitch: (site, text, meaning) => {
      judge.switchEdited(site, written({ site }, text), meaning);
      cloud.changed({ site });
    },
    remove: ({ site, uid }) => {
      judge.count('edits');
      const key = uid === undefined ? { site } : { site, uid };
      tell(`${BY_PERSON} removes it`, key);
      registry.remove(key);
      if (uid === undefined) judge.switchEdited(site, undefined, undefined);
      else judge.cronEdited({ site, uid }, undefined, undefined);
      cloud.changed(key);
    },
    force: ({ site, uid }) => {
      const forced = `forced-${++asked}`;
      tell(`${BY_PERSON} asks for a run now: ${forced}`, { site, uid });
      cloud.deliver({ site, uid, at: Math.floor(loop.now() / 1000) * 1000, forced });
    },
    deploy: () => {
      tell(`${BY_PERSON} deploys`, {});
      cloud.deploy();
    },
  };
}
