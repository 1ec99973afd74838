/** Words of the labelled pairs, see `name-pairs.fixture.ts`. */
const first =
  'An Bình Cường Đại Đông Gia Hải Hồng Hưng Kim Lâm Long Minh Nam Ngọc Phú Quang Sơn Tân Thành Thiên Tiến Trường Việt Vĩnh'
const second =
  'Anh Châu Dũng Đạt Giang Hà Hòa Khánh Lan Lộc Mai Nghĩa Nguyên Phát Phong Phúc Quân Quý Sang Tâm Thái Thịnh Thúy Toàn Vượng'
export const firsts = first.split(' ')
export const seconds = second.split(' ')
export const lines = ['Thương mại', 'Dịch vụ', 'Sản xuất', 'Xây dựng', 'Xuất nhập khẩu', 'Đầu tư', 'Vận tải']
export const forms = ['Công ty TNHH', 'Công ty Cổ phần', 'Công ty TNHH MTV', 'Doanh nghiệp tư nhân', 'Hợp tác xã']
export const places = ['Hà Nội', 'Đà Nẵng', 'Hải Phòng', 'Cần Thơ', 'Nghệ An', 'Bình Dương', 'Thanh Hóa', 'Quảng Ninh']
export const families = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi']
export const streets = ['Giải Phóng', 'Trần Phú', 'Lê Lợi', 'Nguyễn Trãi', 'Hùng Vương']

/** [one name, another one]: told apart by marks alone. */
export const byMarks = [
  ['Hòa', 'Hoa'],
  ['Hưng', 'Hùng'],
  ['Thành', 'Thanh'],
  ['Bình', 'Bính'],
  ['Tân', 'Tấn'],
  ['Lâm', 'Lam'],
  ['Đông', 'Đồng'],
  ['Phương', 'Phượng'],
]
/** One letter apart, and both are names. */
export const byLetter = [
  ['Minh', 'Ninh'],
  ['Thanh', 'Khanh'],
  ['Nam', 'Lam'],
  ['Vinh', 'Ninh'],
  ['Lan', 'Lam'],
  ['Hải', 'Thải'],
]
export const spellings: readonly (readonly [RegExp, readonly string[]])[] = [
  [/Công ty/, ['Cty', 'C.ty', 'CTY', 'Công Ty']],
  [/TNHH/, ['Trách nhiệm hữu hạn', 'T.N.H.H', 'tnhh']],
  [/MTV/, ['Một thành viên', 'một thành viên']],
  [/Cổ phần/, ['CP', 'cổ phần', 'C.P']],
  [/Doanh nghiệp tư nhân/, ['DNTN', 'DN tư nhân']],
  [/Hợp tác xã/, ['HTX']],
  [/Thương mại/, ['TM', 'thương mại']],
  [/Dịch vụ/, ['DV', 'dịch vụ']],
  [/Sản xuất/, ['SX', 'sản xuất']],
  [/Xuất nhập khẩu/, ['XNK', 'xuất nhập khẩu']],
  [/Đầu tư/, ['ĐT', 'đầu tư']],
  [/Xây dựng/, ['XD', 'xây dựng']],
  [/ và /, [' & ', ' và ', '&']],
]

/** The tone on the other vowel: hòa, hoà. Both are in use. */
export const olderTones: readonly (readonly [string, string])[] = [
  ['Hòa', 'Hoà'],
  ['Hóa', 'Hoá'],
  ['Thúy', 'Thuý'],
  ['Thụy', 'Thuỵ'],
  ['Khỏe', 'Khoẻ'],
]
