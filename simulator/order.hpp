// One made-up order: what is true of it, and for each field the form in which the vendor writes it. wire.hpp writes it
// in that form, truth.hpp writes it plain; both read this one model, so they cannot disagree about the facts.
#pragma once

#include "instant.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pandapon_sim {

/// How a scalar goes over the wire. `other_type`: a number as text, or a text of digits as a number.
enum class form : std::uint8_t { plain, other_type, null, absent };

struct number {
  std::int64_t value = 0;
  form as = form::plain;
};
/// A status: a word, where there is one and the form is plain, or else its number.
struct status_code : number {
  std::string_view word;
};
/// A quantity, which 1688 documents as a decimal.
struct decimal {
  std::int64_t thousandths = 0;
  form as = form::plain;
};
struct text {
  std::string value;
  form as = form::plain;
};

/// How a nested field goes over the wire; the sample has `text`: JSON inside a string. The last five carry nothing that
/// a mirror could store in columns, and the very last must be reported.
enum class nesting : std::uint8_t { text, structure, twice, empty, null, absent, word_null, malformed };

template <class Content>
struct nested {
  Content content;
  nesting as = nesting::text;
  std::uint8_t damage = 0;  // which of the ways of being malformed

  bool readable() const { return as == nesting::text || as == nesting::structure || as == nesting::twice; }
};

struct cargo_row {
  number offer_id;
  text spec_id;
  decimal quantity;
};
struct receiver {
  text full_name, division_code, mobile, phone, post_code, address;
};
struct warehouse_address {
  text full_name, mobile, phone, post_code, city, province, area, town, address, district_code;
};
/// What `orderJson` says about handing the order in at 1688.
struct submission {
  bool success = true;
  text order_id;
  number post_fee, total;
};
struct attribute {
  std::string_view name;
  std::string_view value;
};

struct order_line {
  number id, order_id;
  text sub_tb_order_id, product_id, name;
  decimal quantity;
  text unit;
  number sku_id;
  text spec_id;
  number item_amount, price, refund;
  status_code status;
  nested<std::vector<attribute>> sku_attributes;
  nested<std::vector<std::string>> image_urls;
  text snapshot_url;
  number created;
  bool unknown_field = false;
};

struct order {
  number id, develop_id;
  text flow, order_no, tb_order_id;
  number discount, product_amount, shipping_fee, total_amount, refund_amount;
  nested<std::vector<cargo_row>> cargo;
  nested<receiver> receiver_info;
  text sub_buyer_login_id, close_reason, seller_login_id;
  nested<warehouse_address> warehouse;
  number is_invoice;
  text trade_type;
  number pay_status;
  status_code order_status;
  number refund_status;
  nested<submission> submission_info;
  text user_id;
  number created, platform_order, tb_created;
  std::vector<order_line> lines;
  bool unknown_field = false;
};

}  // namespace pandapon_sim
