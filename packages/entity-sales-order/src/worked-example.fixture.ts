import type { Row } from '@amis-sync/core'

/** Contract §4.14: the CRM row read. */
export const crmRow: Row = JSON.parse(`
{"id":812,"sale_order_no":"DH000123","sale_order_date":"2026-11-20","account_name":"Công ty TNHH An Phát","account_number":"KH000017","revenue_status":"Đề nghị ghi","revenue_request_seq":1,"currency_type":"VND","exchange_rate":1,"to_currency_summary":1350000,"discount_summary":120000,"tax_summary":86400,"total_summary":1316400,"liquidate_amount":1316400,"sale_order_product_mappings":[
 {"line_id":41,"product_code":"VT000007","unit":"Hộp","usage_unit":"Cái","ratio":12,"operator":"*","amount":5,"usage_unit_amount":60,"price":240000,"discount_percent":10,"discount":120000,"tax_percent":"8%","tax":86400,"to_currency":1200000,"total":1166400,"shipping_amount":0},
 {"line_id":42,"product_code":"DV000001","unit":"Giờ","usage_unit":"Giờ","ratio":1,"operator":"*","amount":1.5,"usage_unit_amount":1.5,"price":100000,"discount_percent":0,"discount":0,"tax_percent":"KCT","tax":0,"to_currency":150000,"total":150000,"shipping_amount":0}]}`)

/** Contract §4.14: the voucher sent. */
export const voucher: Row = JSON.parse(`
{"voucher_type":20,"reftype":3520,"org_refid":"7f1b3c52-0c1e-5d6a-9b5e-2a4f6c8d0e11","org_refno":"DH000123","refdate":"2026-11-20","is_get_new_id":false,"account_object_code":"KH000017","currency_id":"VND","exchange_rate":1,"discount_type":1,"request_seq":1,"total_sale_amount":1350000,"total_discount_amount":120000,"total_vat_amount":86400,"total_amount":1316400,"liquidate_amount":1316400,"detail":[
 {"ref_detail_id":"a1c0e7d2-3b54-5f60-8a11-0b6d2c9e4f41","inventory_item_code":"VT000007","unit_name":"Hộp","quantity":5,"main_unit_name":"Cái","main_convert_rate":12,"exchange_rate_operator":"*","main_quantity":60,"unit_price":240000,"amount":1200000,"discount_rate":10,"discount_amount":120000,"vat_rate":8,"vat_amount":86400,"sort_order":1},
 {"ref_detail_id":"b2d1f8e3-4c65-5071-9b22-1c7e3d0f5a42","inventory_item_code":"DV000001","unit_name":"Giờ","quantity":1.5,"main_unit_name":"Giờ","main_convert_rate":1,"exchange_rate_operator":"*","main_quantity":1.5,"unit_price":100000,"amount":150000,"discount_rate":0,"discount_amount":0,"vat_rate":-1,"vat_amount":0,"sort_order":2}]}`)

/** The ids that stand on Accounting's wire for the line keys. */
export const lineIds: Readonly<Record<string, string>> = {
  '41': 'a1c0e7d2-3b54-5f60-8a11-0b6d2c9e4f41',
  '42': 'b2d1f8e3-4c65-5071-9b22-1c7e3d0f5a42',
}

/** State (§2.4) after recording, 3 boxes delivered by a sales voucher, 500,000 received, 600,000 invoiced. */
export const state: Row = {
  org_refid: '7f1b3c52-0c1e-5d6a-9b5e-2a4f6c8d0e11',
  exists: true,
  queued: false,
  org_refno: 'DH000123',
  refno: 'DDH00001',
  voucher_type: 20,
  status: 1,
  revenue_status: 1,
  revenue_refused: false,
  revenue_refusal_reason: null,
  delivered_status: 1,
  has_created_voucher: true,
  total_amount: 1316400,
  liquidate_amount: 1316400,
  total_receipted_amount: 500000,
  receipts: [{ receipt_no: 'PT0001', receipt_date: '2026-11-22', amount: 500000 }],
  receivable_remaining: 816400,
  is_invoiced: true,
  total_invoice_amount: 600000,
  invoices: [{ invoice_no: 'HD0000001', invoice_date: '2026-11-22', amount: 600000, is_draft: false }],
  detail: [
    { ref_detail_id: 'a1c0e7d2-3b54-5f60-8a11-0b6d2c9e4f41', quantity_delivered_sa: 3, quantity_delivered_in: 0 },
    { ref_detail_id: 'b2d1f8e3-4c65-5071-9b22-1c7e3d0f5a42', quantity_delivered_sa: 0, quantity_delivered_in: 0 },
  ],
  request_seq: 1,
  state_version: 5,
  modified_date: '2026-11-22 09:00:00',
}

/** Contract §4.14: the row of the CRM PUT. */
export const crmPut: Row = JSON.parse(`
{"id":812,"status":"Đang thực hiện","revenue_status":"Đã ghi","revenue_refusal_reason":null,"delivery_status":"Đang giao hàng","shipping_amount_summary":3,"total_receipted_amount":500000,"receipts":[{"receipt_no":"PT0001","receipt_date":"2026-11-22","amount":500000}],"pay_status":"Đã thanh toán một phần","paid_date":null,"balance_receipt_amount":816400,"is_invoiced":true,"invoiced_amount":600000,"un_invoiced_amount":716400,"sale_order_product_mappings":[{"line_id":41,"shipping_amount":3}]}`)
