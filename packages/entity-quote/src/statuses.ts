/** Texts of the CRM (contract §1.6), by canonical name. Accounting carries the same texts. */
export const statusTexts = { draft: 'Bản nháp', sent: 'Đã gửi', accepted: 'Chấp nhận', refused: 'Từ chối' } as const
