/** A line of goods: what it is called, its unit, a conversion unit, the category and a price to start from. */
export interface Goods {
  readonly name: string
  readonly unit: string
  readonly pack?: { readonly unit: string; readonly ratio: number }
  readonly category: string
  readonly price: number
}

/** Product categories in two levels: code, name, parent. */
export const CATEGORIES = [
  ['NHH-DIEN', 'Thiết bị điện', null],
  ['NHH-NUOC', 'Ngành nước', null],
  ['NHH-DV', 'Dịch vụ', null],
  ['NHH-DAY', 'Dây và cáp điện', 'NHH-DIEN'],
  ['NHH-CHIEUSANG', 'Chiếu sáng', 'NHH-DIEN'],
  ['NHH-DONGCAT', 'Thiết bị đóng cắt', 'NHH-DIEN'],
  ['NHH-ONG', 'Ống và phụ kiện', 'NHH-NUOC'],
  ['NHH-BOM', 'Máy bơm', 'NHH-NUOC'],
] as const

/** Customer groups in two levels: code, name, parent. */
export const CUSTOMER_GROUPS = [
  ['NKH-BAC', 'Khách miền Bắc', null],
  ['NKH-TRUNG', 'Khách miền Trung', null],
  ['NKH-NAM', 'Khách miền Nam', null],
  ['NKH-DA', 'Khách dự án', null],
  ['NKH-BAC-DL', 'Đại lý miền Bắc', 'NKH-BAC'],
  ['NKH-BAC-BL', 'Bán lẻ miền Bắc', 'NKH-BAC'],
  ['NKH-TRUNG-DL', 'Đại lý miền Trung', 'NKH-TRUNG'],
  ['NKH-TRUNG-BL', 'Bán lẻ miền Trung', 'NKH-TRUNG'],
  ['NKH-NAM-DL', 'Đại lý miền Nam', 'NKH-NAM'],
  ['NKH-NAM-BL', 'Bán lẻ miền Nam', 'NKH-NAM'],
  ['NKH-DA-CT', 'Nhà thầu cơ điện', 'NKH-DA'],
  ['NKH-DA-CDT', 'Chủ đầu tư', 'NKH-DA'],
] as const

/** What the demo company sells. */
export const GOODS: readonly Goods[] = [
  { name: 'Dây điện đơn', unit: 'Mét', pack: { unit: 'Cuộn', ratio: 100 }, category: 'NHH-DAY', price: 8000 },
  { name: 'Cáp đồng bọc PVC', unit: 'Mét', pack: { unit: 'Cuộn', ratio: 200 }, category: 'NHH-DAY', price: 32_000 },
  { name: 'Cáp mạng', unit: 'Mét', pack: { unit: 'Thùng', ratio: 305 }, category: 'NHH-DAY', price: 9000 },
  { name: 'Bóng đèn LED', unit: 'Cái', pack: { unit: 'Hộp', ratio: 12 }, category: 'NHH-CHIEUSANG', price: 45_000 },
  { name: 'Đèn tuýp LED', unit: 'Cái', pack: { unit: 'Thùng', ratio: 25 }, category: 'NHH-CHIEUSANG', price: 95_000 },
  { name: 'Đèn pha', unit: 'Bộ', category: 'NHH-CHIEUSANG', price: 420_000 },
  { name: 'Aptomat', unit: 'Cái', pack: { unit: 'Hộp', ratio: 6 }, category: 'NHH-DONGCAT', price: 110_000 },
  { name: 'Khởi động từ', unit: 'Cái', category: 'NHH-DONGCAT', price: 260_000 },
  { name: 'Tủ điện', unit: 'Bộ', category: 'NHH-DONGCAT', price: 1_850_000 },
  { name: 'Ổ cắm', unit: 'Cái', pack: { unit: 'Hộp', ratio: 10 }, category: 'NHH-DONGCAT', price: 38_000 },
  { name: 'Ống nhựa uPVC', unit: 'Cây', category: 'NHH-ONG', price: 72_000 },
  { name: 'Ống nhựa PPR', unit: 'Cây', category: 'NHH-ONG', price: 105_000 },
  { name: 'Van bi', unit: 'Cái', pack: { unit: 'Hộp', ratio: 10 }, category: 'NHH-ONG', price: 88_000 },
  { name: 'Máy bơm nước', unit: 'Cái', category: 'NHH-BOM', price: 2_400_000 },
]

/** Makes that goods are offered in. */
export const MAKES = [
  'Rạng Đông',
  'Cadivi',
  'Trần Phú',
  'Sino',
  'Tiền Phong',
  'Bình Minh',
  'Panasonic',
  'Schneider',
] as const
/** Sizes and grades that goods are offered in. */
export const SIZES = ['loại 1', 'loại 2', 'loại 3', 'cỡ nhỏ', 'cỡ vừa', 'cỡ lớn', 'cao cấp', 'tiết kiệm'] as const

/** What the demo company does by the hour or by the job. */
export const SERVICES = [
  'Lắp đặt',
  'Bảo trì',
  'Khảo sát',
  'Vận chuyển',
  'Tư vấn thiết kế',
  'Kiểm định',
  'Sửa chữa',
  'Đào tạo vận hành',
] as const
