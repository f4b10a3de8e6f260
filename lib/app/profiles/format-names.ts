/** The names that options of commands show, apart from the readers and writers, which take long to load. */

/** The formats that can be exported; `xml` is the crons.xml of collective.cron. */
export const EXPORT_FORMATS = ['yaml', 'json', 'xml'] as const;
/** The formats that can be read; `crontab` is a Unix crontab, `rules` the output of `aws events list-rules`. */
export const FORMATS = [...EXPORT_FORMATS, 'crontab', 'rules'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export type Format = (typeof FORMATS)[number];

/** The default runner of shell commands. */
export const COMMAND_RUNNER = 'command';
