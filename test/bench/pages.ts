/** The pages of 1,000 crons with 100,000 run records, over HTTP, beside Hono's smallest answer. */
import { Hono } from 'hono';
import { recordId } from '../../lib/core/domain/run-record.ts';
import { openLargeScene } from '../browser/large-scene.ts';
import { type Comparison, compareTimes, formatMs, medians, timed } from './comparison.ts';

const ROUNDS = 15;
const MAX_MS = 100;

const PAGES = [
  '/sites',
  '/sites/shop',
  '/sites/shop?sort=health',
  '/sites/shop/timeline',
  '/runs',
  '/runs?show=all&period=week',
  '/runs?tag=none&period=week',
  '/sites/shop/crons/shop-1',
  '/sites/shop/crons/shop-1/edit',
  '/sites/shop/crons/shop-1/why',
  '/sites/shop/preview?periodicity=0+2+*+*+*',
];

export async function comparePages(): Promise<Comparison[]> {
  await using scene = await openLargeScene();
  const { records } = await scene.laptop.ports.store.records('shop', 'shop-1', { limit: 1 });
  const runs = records.map((record) => `/sites/shop/crons/shop-1/runs/${recordId(record)}`);
  const paths = [...PAGES, ...runs];
  const bytes = new Map<string, number>();
  const works = paths.map((path) => [
    path,
    () => timed(async () => bytes.set(path, await sizeOf(await fetch(`${scene.url}${path}`)))),
  ]);
  const hello = new Hono().get('/', (context) => context.text('Hello Hono!'));
  const ms = await medians<string>(ROUNDS, {
    ...Object.fromEntries(works),
    hello: () => timed(async () => sizeOf(await hello.request('/'))),
  });
  const baseline = { name: "Hono's hello", ms: ms.hello ?? Number.NaN };
  return paths.map((path) => {
    const own = ms[path] ?? Number.NaN;
    const kilobytes = Math.round((bytes.get(path) ?? 0) / 1000);
    const what = `GET ${path.replace(/\d{9,}$/, '…')}, ${kilobytes} KB`;
    return { ...compareTimes(what, own, baseline), limit: formatMs(MAX_MS), isWithin: own <= MAX_MS };
  });
}

async function sizeOf(response: Response): Promise<number> {
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
  return (await response.arrayBuffer()).byteLength;
}
