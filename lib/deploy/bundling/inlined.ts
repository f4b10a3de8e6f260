/**
 * Puts two results of build time into the bundle: the assets of the dashboard, minified, because a Lambda has no such
 * files beside it; and the description of the API, because its sources are three times as long. Both are compressed,
 * because Node parses every string of a module when it starts.
 */
import { deflateRawSync } from 'node:zlib';
import { type Plugin, transform } from 'esbuild';
import { describeApi } from '../../surfaces/web/api/description.ts';
import { type Asset, assets } from '../../surfaces/web/assets/assets.ts';

/** Replaces the modules of the assets and of the description by modules that only unpack the result. */
export const INLINED: Plugin = {
  name: 'inlined',
  setup({ onLoad }) {
    onLoad({ filter: /\/web\/assets\/assets\.ts$/ }, async () => {
      const { style, script, icon } = assets;
      const inlined = { style: await minified(style, 'css'), script: await minified(script, 'js'), icon };
      return { contents: `${UNPACK}export const assets = JSON.parse(${packed(JSON.stringify(inlined))});` };
    });
    onLoad({ filter: /\/web\/api\/description\.ts$/ }, () => ({
      contents: `${UNPACK}export const describeApi = () => ${packed(describeApi())};`,
    }));
  },
};

const UNPACK =
  "import{inflateRawSync}from'node:zlib';" +
  "const unpack=(text)=>inflateRawSync(Buffer.from(text,'base64')).toString();";

/** A JavaScript expression whose value is the text. */
function packed(text: string): string {
  return `unpack('${deflateRawSync(text, { level: 9 }).toString('base64')}')`;
}

async function minified(asset: Asset, loader: 'css' | 'js'): Promise<Asset> {
  const { code } = await transform(asset.content, { loader, minify: true, format: 'esm' });
  return { ...asset, content: code };
}
