// The real client against pandapon-sim over TLS: what it decodes is what the simulator says that a perfect mirror
// holds, whatever form it was served in.
#include "pandapon/detail_fixture.hpp"
#include "support/child_process.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ordersync::pandapon {
namespace {

namespace json = boost::json;

json::value shown(const core::text& text) {
  return text ? json::value(json::string(*text)) : json::value(nullptr);
}
json::value shown(const core::integer& number) {
  return number ? json::value(*number) : json::value(nullptr);
}
json::value shown(const std::optional<core::instant>& time) {
  return time ? json::value(json::string(core::to_text(*time))) : json::value(nullptr);
}
// A decimal that is served as a number.
json::value shown_decimal(const core::text& text) {
  return text ? json::parse(*text) : json::value(nullptr);
}

template <class Items>
json::value list_of(const Items& items) {
  json::array out;
  for (const auto& item : items) out.emplace_back(item);
  return out;
}

json::object columns(const core::order_detail& d) {
  auto paths = json::array{};
  for (const auto& note : d.notes) paths.emplace_back(note.path);
  return {{"status", shown(d.status)},
          {"created_at", shown(d.created_at)},
          {"modified_at", shown(d.modified_at)},
          {"paid_at", shown(d.paid_at)},
          {"all_shipped_at", shown(d.all_shipped_at)},
          {"received_at", shown(d.received_at)},
          {"confirmed_at", shown(d.confirmed_at)},
          {"completed_at", shown(d.completed_at)},
          {"alipay_trade_id", shown(d.alipay_trade_id)},
          {"refund_id", shown(d.refund_id)},
          {"refund_status", shown(d.refund_status)},
          {"refund_status_after_sale", shown(d.refund_status_after_sale)},
          {"total_amount_fen", shown(d.total_amount_fen)},
          {"shipping_fee_fen", shown(d.shipping_fee_fen)},
          {"refund_fen", shown(d.refund_fen)},
          {"product_payment_fen", shown(d.product_payment_fen)},
          {"discount_fen", shown(d.discount_fen)},
          {"buyer_feedback", shown(d.buyer_feedback)},
          {"buyer_memo", shown(d.buyer_memo)},
          {"remark", shown(d.remark)},
          {"close_reason", shown(d.close_reason)},
          {"close_remark", shown(d.close_remark)},
          {"closed_by", shown(d.closed_by)},
          {"trade_type", shown(d.trade_type)},
          {"pay_timeout_s", shown(d.pay_timeout_s)},
          {"pay_channels", d.pay_channels ? list_of(*d.pay_channels) : json::value(nullptr)},
          {"pay_deadline", shown(d.pay_deadline)},
          {"quarantined", paths}};
}

json::object row(const core::order_payment& p) {
  return {{"position", p.position}, {"status", shown(p.status)},     {"paid_at", shown(p.paid_at)},
          {"way", shown(p.way)},    {"way_name", shown(p.way_name)}, {"amount_fen", shown(p.amount_fen)},
          {"phase", shown(p.phase)}};
}
json::object row(const core::order_shipment& s) {
  return {{"position", s.position},
          {"id", shown(s.id)},
          {"logistics_code", shown(s.logistics_code)},
          {"waybill", shown(s.waybill)},
          {"company", shown(s.company)},
          {"company_no", shown(s.company_no)},
          {"status", shown(s.status)},
          {"type", shown(s.type)},
          {"shipped_at", shown(s.shipped_at)},
          {"created_at", shown(s.created_at)},
          {"modified_at", shown(s.modified_at)},
          {"line_ids", s.line_ids ? list_of(*s.line_ids) : json::value(nullptr)}};
}
json::object row(const core::order_detail_line& l) {
  return {{"position", l.position},
          {"id", l.id},
          {"status", shown(l.status)},
          {"status_name", shown(l.status_name)},
          {"refund_status", shown(l.refund_status)},
          {"refund_id", shown(l.refund_id)},
          {"logistics_status", shown(l.logistics_status)},
          {"quantity_factor", shown_decimal(l.quantity_factor)},
          {"entry_discount_fen", shown(l.entry_discount_fen)},
          {"item_amount_fen", shown(l.item_amount_fen)},
          {"price_fen", shown(l.price_fen)},
          {"refund_fen", shown(l.refund_fen)},
          {"created_at", shown(l.created_at)},
          {"modified_at", shown(l.modified_at)},
          {"completed_at", shown(l.completed_at)},
          {"pay_expiry", shown(l.pay_expiry)},
          {"cargo_number", shown(l.cargo_number)}};
}
json::object row(const core::order_contact& c) {
  return {{"role", c.role},
          {"full_name", shown(c.full_name)},
          {"phone", shown(c.phone)},
          {"mobile", shown(c.mobile)},
          {"company", shown(c.company)},
          {"im_account", shown(c.im_account)}};
}
json::object row(const core::order_detail_address& a) {
  json::object out{{"role", a.role},
                   {"full_name", shown(a.full_name)},
                   {"division_code", shown(a.division_code)},
                   {"mobile", shown(a.mobile)},
                   {"phone", shown(a.phone)},
                   {"post_code", shown(a.post_code)},
                   {"address", shown(a.address)}};
  if (a.role == "receiver") return out;
  for (const auto& [name, part] :
       {std::pair{"province", a.province}, {"city", a.city}, {"area", a.area}, {"town", a.town}})
    out.emplace(name, shown(part));
  return out;
}
json::object row(const core::order_sender& s) {
  return {{"position", s.position}, {"phone", shown(s.phone)}, {"mobile", shown(s.mobile)}};
}
json::object row(const core::refund_info& r) {
  return {{"refund_id", r.id},
          {"tb_order_id", shown(r.tb_order_id)},
          {"status", shown(r.status)},
          {"alipay_payment_id", shown(r.alipay_payment_id)},
          {"apply_payment_fen", shown(r.apply_payment_fen)},
          {"refund_payment_fen", shown(r.refund_payment_fen)},
          {"applied", shown(r.applied)},
          {"created", shown(r.created)},
          {"modified", shown(r.modified)},
          {"completed", shown(r.completed)}};
}

template <class Rows>
json::value rows(const Rows& all) {
  json::array out;
  for (const auto& one : all) out.emplace_back(row(one));
  return out;
}

// Paths in the simulator's order are those of the object; ours are sorted.
json::object sorted(const json::value& detail) {
  json::object out = detail.as_object();
  auto& paths = out["quarantined"].as_array();
  std::sort(paths.begin(), paths.end(), [](const auto& a, const auto& b) { return a.as_string() < b.as_string(); });
  return out;
}

// Those that say something, as the client keeps them.
json::value senders_of(const json::value& truth) {
  json::array out;
  for (const auto& one : truth.as_array())
    if (!one.at("phone").is_null() || !one.at("mobile").is_null()) out.push_back(one);
  return out;
}

class simulated_detail : public detail_fixture {
 protected:
  void start(const std::vector<std::string>& more) {
    std::vector<std::string> command{std::string(ORDERSYNC_BINARY_DIR) + "/pandapon-sim",
                                     "--tls-cert",
                                     certificates.good().certificate_file.string(),
                                     "--tls-key",
                                     certificates.good().key_file.string(),
                                     "--access-key",
                                     who.access_key,
                                     "--access-secret",
                                     who.access_secret,
                                     "--from",
                                     "2024-05-01",
                                     "--to",
                                     "2024-06-01",
                                     "--seed",
                                     "7"};
    command.insert(command.end(), more.begin(), more.end());
    simulator.emplace(test_support::child_options{command, {}, {}, "/", 9});
    const auto line = simulator->wait_for_stdout("listening on ").value_or("");
    settings.base_url = {"127.0.0.1", static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)))};
    clock = [] { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); };
  }

  std::vector<json::object> truth() {
    const auto url = "https://127.0.0.1:" + std::to_string(settings.base_url.port) + "/_truth?details=1";
    const auto got = test_support::run_process(
        {.argv = {"curl", "--silent", "--show-error", "--fail", "--cacert", certificates.ca_file().string(), url}});
    if (got.status.code != 0) throw std::runtime_error("cannot read the truth: " + got.err);
    std::istringstream lines(got.out);
    std::vector<json::object> out;
    for (std::string line; std::getline(lines, line);) out.push_back(json::parse(line).as_object());
    return out;
  }

  // The number that the order has at 1688, which the list may have left out.
  static std::string number_of(const json::object& truth) {
    return truth.at("tb_order_id").is_string() ? std::string(truth.at("tb_order_id").as_string()) : std::string{};
  }

  void expect_all_equal_to_the_truth() {
    for (const auto& order : truth()) {
      const auto number = number_of(order);
      if (number.empty() || number == " ") continue;
      const auto detail = read_detail(number);
      ASSERT_TRUE(detail) << detail.error().what;
      ++compared;
      ASSERT_EQ(columns(*detail), sorted(order.at("detail")));
      ASSERT_EQ(rows(detail->payments), order.at("payments"));
      ASSERT_EQ(rows(detail->shipments), order.at("shipments"));
      ASSERT_EQ(rows(detail->lines), order.at("detail_lines"));
      ASSERT_EQ(rows(detail->contacts), order.at("contacts"));
      ASSERT_EQ(rows(detail->addresses), order.at("addresses"));
      ASSERT_EQ(rows(detail->senders), senders_of(order.at("senders")));
      for (const auto& refund : order.at("refunds").as_array()) {
        const auto info = read_refund(refund.at("refund_id").as_string().c_str());
        ASSERT_TRUE(info) << info.error().what;
        ASSERT_EQ(json::value(row(*info)), refund);
        ++refunds;
      }
    }
  }

  std::optional<test_support::child_process> simulator;
  int compared = 0, refunds = 0;
};

TEST_F(simulated_detail, of_every_order_equals_the_truth) {
  start({"--orders", "300", "--oddities", "0"});
  expect_all_equal_to_the_truth();
  EXPECT_EQ(compared, 300);
  EXPECT_GT(refunds, 0);
}

TEST_F(simulated_detail, equals_the_truth_through_all_oddities) {
  start({"--orders", "600", "--oddities", "15", "--wander", "--detail-thirds", "5", "--detail-words", "5"});
  expect_all_equal_to_the_truth();
  EXPECT_GT(compared, 500);
}

TEST_F(simulated_detail, equals_the_truth_where_ids_are_numbers) {
  start({"--orders", "50", "--detail-numbers"});
  expect_all_equal_to_the_truth();
  EXPECT_GT(compared, 40);
}

TEST_F(simulated_detail, has_the_same_hash_whatever_form_it_comes_in) {
  start({"--orders", "100", "--oddities", "15", "--wander", "--detail-thirds", "5"});
  for (const auto& order : truth()) {
    const auto number = number_of(order);
    if (number.empty() || number == " ") continue;
    const auto first = read_detail(number).value();
    const auto second = read_detail(number).value();
    ASSERT_EQ(first.content_hash, second.content_hash) << first.payload << "\n" << second.payload;
    compared += first.payload == second.payload ? 0 : 1;
  }
  EXPECT_GT(compared, 50);
}

TEST_F(simulated_detail, of_another_order_is_never_taken) {
  start({"--orders", "60", "--oddities", "0", "--detail-wrong", "50"});
  int wrong = 0;
  for (const auto& order : truth()) {
    const auto detail = read_detail(number_of(order));
    if (detail) {
      ASSERT_EQ(columns(*detail), order.at("detail"));
    } else {
      EXPECT_EQ(detail.error().kind, core::failure::unusable_reply);
      ++wrong;
    }
  }
  EXPECT_GT(wrong, 10);
}

TEST_F(simulated_detail, that_the_app_may_not_read_is_not_permitted) {
  for (const auto* how : {"status", "code", "gateway"}) {
    start({"--orders", "10", "--detail-refused", how});
    source.reset();
    EXPECT_EQ(read_detail("17").error().kind, core::failure::not_permitted) << how;
    EXPECT_EQ(read_refund("TQ17").error().kind, core::failure::not_permitted) << how;
  }
}

TEST_F(simulated_detail, of_no_order_is_an_unusable_reply) {
  start({"--orders", "10"});
  EXPECT_EQ(read_detail("17").error().kind, core::failure::unusable_reply);
  EXPECT_EQ(read_refund("TQ17").error().kind, core::failure::unusable_reply);
}

TEST_F(simulated_detail, fails_as_the_faults_of_the_list_do) {
  const auto faults =
      directory.write("faults",
                      "detail at 1 status 500\ndetail at 2 cut 100\ndetail at 3 garbage 200\n"
                      "detail at 4 null-data\ndetail at 5 bad-utf8\ndetail at 6 code 50010 请求过于频繁\n"
                      "detail at 7 status 503 retry-after 3\ndetail at 8-9 close\n");
  start({"--orders", "10", "--oddities", "0", "--faults", faults.string()});
  const auto number = number_of(truth().at(0));
  using core::failure;
  for (const auto expected :
       {failure::unreachable, failure::unreachable, failure::unusable_reply, failure::unusable_reply,
        failure::unusable_reply, failure::overloaded, failure::overloaded, failure::unreachable}) {
    const auto made = read_detail(number);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, expected) << made.error().what;
  }
  EXPECT_TRUE(read_detail(number));
}

}  // namespace
}  // namespace ordersync::pandapon
