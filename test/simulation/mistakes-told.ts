/** Deliberate mistakes in what is claimed, carried out, recorded and told. */
import { type Mistake, one } from './mistake.ts';

export const MISTAKES_TOLD: readonly Mistake[] = [
  one(
    'calls missed what is on time',
    'domain/missed.ts',
    'const run = chosen(cron, young, now);',
    'const run = chosen(cron, young, now).slice(0, 0);',
  ),
  one(
    'says now and then that a run is still in progress',
    'domain/claim.ts',
    'const [running] = job.leases;',
    `const isDull = fresh.length > 0 && new Date(now).getUTCMinutes() % 10 === 0;
  const dull = { ...request.occurrence, runId: request.runId, started: now, expires: now };
  const [running] = isDull ? [...job.leases, dull] : job.leases;`,
  ),
  one(
    'drops under "allow" what it drops under "skip"',
    'domain/claim.ts',
    'return { run: latest[0], pending, dropped: [], reason: overlap(since) };',
    'return { run: undefined, pending, dropped: latest, reason: overlap(since) };',
  ),
  one(
    'makes up for one where all are asked for',
    'domain/missed.ts',
    "if (cron.missed === 'all') return times.slice(-MOST_MADE_UP);",
    "if (cron.missed === 'all') return times.slice(-1);",
  ),
  one(
    'makes up for none where one is asked for',
    'domain/missed.ts',
    "return cron.missed === 'once' ? latest : latest.filter((time) => now - time <= GRACE);",
    'return latest.filter((time) => now - time <= GRACE);',
  ),
  one(
    'calls a failure OK',
    'handlers/execute.ts',
    "status: 'FAILURE', messages: [text]",
    "status: 'OK', messages: [text]",
  ),
  one('calls a run OK that died', 'domain/job.ts', "status: 'FAILURE',", "status: 'OK',"),
  one(
    'takes a lease for a day longer',
    'handlers/run.ts',
    '...claim({ cron, settings, job, occurrence, now, runId, expires })',
    '...claim({ cron, settings, job, occurrence, now, runId, expires: expires + 86_400_000 })',
  ),
  one(
    'does not look for expired leases when it claims',
    'domain/claim.ts',
    'const { job, logs } = expire(request.job, now, cron.logsLimit);',
    'const { job, logs } = expire(request.job, now - 86_400_000, cron.logsLimit);',
  ),
  one(
    'shows what a runner returns as it is',
    'handlers/execute.ts',
    'messages: messages.map(redact) };',
    'messages };',
  ),
  one(
    'shows the stack of an exception as it is',
    'handlers/execute.ts',
    'stack: redact(String(error.stack))',
    'stack: String(error.stack)',
  ),
  one(
    'records no forced run that does not run',
    'domain/missed.ts',
    'const forced = occurrences.filter((occurrence) => occurrence.forced !== undefined);',
    'const forced = occurrences.filter((occurrence) => occurrence.forced === "");',
  ),
  one(
    'takes a delivery that comes early for one of the past',
    'domain/claim.ts',
    'const until = Math.max(now, occurrence.at);',
    'const until = now;',
  ),
  one(
    'fails when the bus does not take events',
    'handlers/tell.ts',
    "log.warn('The bus did not take events', {",
    "if (error) throw error;\n    log.warn('The bus did not take events', {",
  ),
  one(
    'does not hear of a changed crontab',
    'aws/sync-event.ts',
    'if (site && kind === SORT.crontab) return { site };',
    '',
  ),
  one(
    'removes a timer that a run has just made',
    'handlers/timers.ts',
    'if (state.job?.armed?.at === timer.at || nextTime(state, now) === timer.at) return;',
    'if (state.job?.armed?.at === timer.at || nextTime(state, now) === -1) return;',
  ),
  one(
    'gives a run no time limit',
    'handlers/execute.ts',
    'const until = Math.min(began + cron.timeout * 1000, deadline - CLOSING_TIME);',
    'const until = deadline - CLOSING_TIME;',
  ),
  one(
    'never tells a run that it is late',
    'handlers/execute.ts',
    'late: forced === undefined && started - at > GRACE,',
    'late: forced === undefined && started - at < 0,',
  ),
  one(
    'makes no timer that is lost',
    'handlers/timers.ts',
    "if (timer.at > now + IMMINENT) report(ports, timer, 'Made a timer that was lost', 'timer-lost');\n  await ports.queue.arm(timer);",
    '',
  ),
  one(
    'does not remember which runs were asked for',
    'domain/claim.ts',
    'const remembering = { ...job, asked: [...asked.filter(isRecent), occurrence] };',
    'const remembering = { ...job, asked: asked.filter(isRecent) };',
  ),
];
