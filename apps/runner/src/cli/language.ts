export type Language = 'vi' | 'en'

/** `--lang`, else `AMIS_SYNC_LANG`, else the locale, else Vietnamese. */
export function chooseLanguage(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  for (const one of [option, env['AMIS_SYNC_LANG'], locale]) {
    if (one?.toLowerCase().startsWith('en')) return 'en'
    if (one?.toLowerCase().startsWith('vi')) return 'vi'
  }
  return 'vi'
}

/** Picks one of two texts. */
export type Translate = (vi: string, en: string) => string

export function translator(language: Language): Translate {
  return (vi, en) => (language === 'vi' ? vi : en)
}
