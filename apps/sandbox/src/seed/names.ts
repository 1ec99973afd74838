import type { Prng } from '../model/prng.ts'

/** Legal forms of companies. */
const FORMS = ['Công ty TNHH', 'Công ty Cổ phần', 'Công ty TNHH MTV', 'Doanh nghiệp tư nhân', 'Hợp tác xã'] as const
/** Fields of business. */
const FIELDS = [
  'Thương mại',
  'Xây dựng',
  'Cơ điện',
  'Nội thất',
  'Vật tư',
  'Đầu tư',
  'Sản xuất',
  'Dịch vụ',
  'Kỹ thuật',
  'Phân phối',
] as const
const FIRST = [
  'An',
  'Bảo',
  'Đại',
  'Đông',
  'Hải',
  'Hòa',
  'Hoàng',
  'Hưng',
  'Khánh',
  'Kim',
  'Long',
  'Minh',
  'Nam',
  'Nhật',
  'Phú',
  'Phúc',
  'Quang',
  'Sao',
  'Tân',
  'Thành',
  'Thiên',
  'Toàn',
  'Trường',
  'Vạn',
  'Việt',
] as const
const SECOND = [
  'Phát',
  'Thịnh',
  'Gia',
  'Đức',
  'Hưng',
  'Long',
  'Cường',
  'Lộc',
  'Tiến',
  'Vinh',
  'Sơn',
  'Hà',
  'Anh',
  'Linh',
  'Nguyên',
  'Khang',
  'Tín',
  'Thắng',
  'Mai',
  'Xuân',
] as const
const FAMILY = [
  'Nguyễn',
  'Trần',
  'Lê',
  'Phạm',
  'Hoàng',
  'Phan',
  'Vũ',
  'Đặng',
  'Bùi',
  'Đỗ',
  'Hồ',
  'Ngô',
  'Dương',
  'Lý',
] as const
const MIDDLE = ['Văn', 'Thị', 'Minh', 'Đức', 'Thu', 'Quốc', 'Ngọc', 'Hữu', 'Thanh', 'Xuân'] as const
const GIVEN = [
  'An',
  'Bình',
  'Chi',
  'Dũng',
  'Giang',
  'Hà',
  'Hiếu',
  'Hoa',
  'Hùng',
  'Hương',
  'Khánh',
  'Lan',
  'Linh',
  'Long',
  'Mai',
  'Nam',
  'Nga',
  'Phong',
  'Phương',
  'Quân',
  'Sơn',
  'Thảo',
  'Trang',
  'Tuấn',
  'Yến',
] as const

const STREETS = [
  'Giải Phóng',
  'Nguyễn Trãi',
  'Lê Lợi',
  'Trần Hưng Đạo',
  'Hai Bà Trưng',
  'Cách Mạng Tháng Tám',
  'Điện Biên Phủ',
  'Lý Thường Kiệt',
  'Nguyễn Văn Linh',
  'Phạm Văn Đồng',
] as const

/** Provinces with a district and the area code of their telephones. */
export const PLACES = [
  { province: 'Hà Nội', district: 'Quận Hoàng Mai', ward: 'Phường Giáp Bát', area: '024' },
  { province: 'Hà Nội', district: 'Quận Cầu Giấy', ward: 'Phường Dịch Vọng', area: '024' },
  { province: 'TP Hồ Chí Minh', district: 'Quận 3', ward: 'Phường Võ Thị Sáu', area: '028' },
  { province: 'TP Hồ Chí Minh', district: 'Quận Tân Bình', ward: 'Phường 2', area: '028' },
  { province: 'Đà Nẵng', district: 'Quận Hải Châu', ward: 'Phường Thạch Thang', area: '0236' },
  { province: 'Hải Phòng', district: 'Quận Ngô Quyền', ward: 'Phường Máy Tơ', area: '0225' },
  { province: 'Cần Thơ', district: 'Quận Ninh Kiều', ward: 'Phường Tân An', area: '0292' },
  { province: 'Bình Dương', district: 'TP Thủ Dầu Một', ward: 'Phường Phú Cường', area: '0274' },
] as const

/** One of some values. */
export function pick<T>(random: Prng, values: readonly T[]): T {
  return values[Math.floor(random.next() * values.length)] as T
}

/** A company's own name, for example `Hoàng Gia`, and its field. */
export function companyName(random: Prng): string {
  return `${pick(random, FORMS)} ${pick(random, FIELDS)} ${pick(random, FIRST)} ${pick(random, SECOND)}`
}

/** A person's full name. */
export function personName(random: Prng): string {
  return `${pick(random, FAMILY)} ${pick(random, MIDDLE)} ${pick(random, GIVEN)}`
}

/** A house number and street. */
export function street(random: Prng): string {
  return `Số ${1 + Math.floor(random.next() * 480)} ${pick(random, STREETS)}`
}

/** A whole number from `least` to `most`. */
export function between(random: Prng, least: number, most: number): number {
  return least + Math.floor(random.next() * (most - least + 1))
}
