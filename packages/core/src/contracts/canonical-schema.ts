import { z } from 'zod'

/** Schemas of canonical values for a plugin's `schema`: forms of contract §4.0, limits of §0.2. Empty is `null`: add `.nullish()`. */
export const canonical = {
  text: z.string().min(1).max(2000),
  code: z.string().min(1).max(50),
  codes: z.array(z.string().min(1).max(50)),
  flag: z.boolean(),
  integer: z.int(),
  /** As `toDecimal` gives it. */
  decimal: z.string().regex(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/),
  date: z.iso.date(),
  vat: z.string().regex(/^(KCT|KKKNT|(0|[1-9]\d*)(\.\d*[1-9])?)$/),
  operator: z.enum(['*', '/']),
}
