/** Texts of §1.6, in their order; the first of each list is the default. */
export const REVENUE_STATUSES = ['Bản nháp', 'Đề nghị ghi', 'Đã ghi', 'Từ chối ghi'] as const
export const ORDER_STATUSES = [
  'Chưa thực hiện',
  'Đang thực hiện',
  'Đã thực hiện',
  'Đã hủy bỏ',
  'Đã giao đủ hàng',
] as const
export const DELIVERY_STATUSES = ['Chưa giao hàng', 'Đang giao hàng', 'Đã giao hàng'] as const
export const PAY_STATUSES = ['Chưa thanh toán', 'Đã thanh toán một phần', 'Đã thanh toán'] as const
export const APPROVED_STATUSES = ['Chờ duyệt', 'Đã duyệt', 'Từ chối'] as const
export const ORDER_TYPES = [
  'Bán mới',
  'Nâng cấp',
  'Gia hạn/Cập nhật',
  'Dịch vụ đào tạo',
  'Dịch vụ tư vấn triển khai',
  'Dịch vụ khác',
] as const
export const CURRENCIES = ['VND', 'USD', 'EUR', 'GBP', 'MYR', 'MMK', 'CNY', 'JPY'] as const
export const QUOTE_STATUSES = ['Bản nháp', 'Đã gửi', 'Chấp nhận', 'Từ chối'] as const
export const INVOICE_REQUEST_STATUSES = ['Bản nháp', 'Đã đề nghị', 'Đã duyệt', 'Từ chối', 'Đã xuất hóa đơn'] as const
export const PRODUCT_KINDS = ['Hàng hóa', 'Thành phẩm', 'Dịch vụ', 'Nguyên vật liệu'] as const
