/** `revenue_status` of sale orders; like all lists here in the order of §1.6, the first being the default. */
export const REVENUE_STATUSES = ['Bản nháp', 'Đề nghị ghi', 'Đã ghi', 'Từ chối ghi'] as const
/** `status` of sale orders. */
export const ORDER_STATUSES = [
  'Chưa thực hiện',
  'Đang thực hiện',
  'Đã thực hiện',
  'Đã hủy bỏ',
  'Đã giao đủ hàng',
] as const
/** `delivery_status`. */
export const DELIVERY_STATUSES = ['Chưa giao hàng', 'Đang giao hàng', 'Đã giao hàng'] as const
/** `pay_status`. */
export const PAY_STATUSES = ['Chưa thanh toán', 'Đã thanh toán một phần', 'Đã thanh toán'] as const
/** `approved_status`, without default. */
export const APPROVED_STATUSES = ['Chờ duyệt', 'Đã duyệt', 'Từ chối'] as const
/** `sale_order_type`. */
export const ORDER_TYPES = [
  'Bán mới',
  'Nâng cấp',
  'Gia hạn/Cập nhật',
  'Dịch vụ đào tạo',
  'Dịch vụ tư vấn triển khai',
  'Dịch vụ khác',
] as const
/** `currency_type` in the CRM, `currency_id` in ACT. */
export const CURRENCIES = ['VND', 'USD', 'EUR', 'GBP', 'MYR', 'MMK', 'CNY', 'JPY'] as const
/** `status` of quotes. */
export const QUOTE_STATUSES = ['Bản nháp', 'Đã gửi', 'Chấp nhận', 'Từ chối'] as const
/** `status` of invoice requests. */
export const INVOICE_REQUEST_STATUSES = ['Bản nháp', 'Đã đề nghị', 'Đã duyệt', 'Từ chối', 'Đã xuất hóa đơn'] as const
/** `product_properties` (§1.5.5). */
export const PRODUCT_KINDS = ['Hàng hóa', 'Thành phẩm', 'Dịch vụ', 'Nguyên vật liệu'] as const
