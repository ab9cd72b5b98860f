#include "store/store_fixture.hpp"

#include "support/postgres_cluster.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store_test {
namespace {

constexpr const char* sample_number = "2042894174938880794";

std::string spell(const core::text& t) {
  return t ? "'" + *t + "'" : "-";
}
std::string spell(const core::integer& n) {
  return n ? std::to_string(*n) : "-";
}

core::order_item sample_item(std::int64_t order_id, int position) {
  core::order_item item;
  // Large and distinct; the orders' ids are so large that a tenfold one wraps round.
  item.id = static_cast<std::int64_t>(static_cast<std::uint64_t>(order_id) * 10 + static_cast<std::uint64_t>(position));
  item.position = position;
  item.sub_tb_order_id = fmt::format("20428{}", item.id);
  item.product_id = "742813083800";
  item.name = "婴儿衣服冬装红色加绒保暖";
  item.quantity = "1.5";
  item.unit = "件";
  item.sku_id = 5124419233729;
  item.spec_id = "9b499234b4238c510eb66fb3768f00e7";
  item.item_amount_fen = 4018;
  item.price_fen = 4650;
  item.refund_fen = 0;
  item.status = 7;
  item.sku_attributes = R"([{"name": "颜色", "value": "红色"}])";
  item.image_urls = {{"http://cbu01.alicdn.com/a.jpg", "http://cbu01.alicdn.com/b.jpg"}};
  item.snapshot_url = "https://trade.1688.com/order/offer_snapshot.htm?order_entry_id=1";
  item.created_at = at_ms(10, 1);
  return item;
}

}  // namespace

void run(boost::asio::awaitable<void> operation) {
  boost::asio::io_context context;
  auto future = boost::asio::co_spawn(context, std::move(operation), boost::asio::use_future);
  context.run();
  future.get();
}

core::second at(int seconds) {
  using namespace std::chrono;
  return sys_days{year{2024} / 5 / 7} + std::chrono::seconds{seconds};
}
core::instant at_ms(int seconds, int milliseconds) {
  return at(seconds) + std::chrono::milliseconds{milliseconds};
}
core::window span(int begin, int end) {
  return {at(begin), at(end)};
}

void rehash(core::order& o) {
  std::string all = fmt::format("{} {} {} {} {}", o.id, spell(o.flow), spell(o.order_status), spell(o.total_amount_fen),
                                spell(o.close_reason));
  if (o.tb_order_id != sample_number) all += " n" + spell(o.tb_order_id);
  for (const auto& item : o.items)
    all += fmt::format(" {} {} {} {} {}", item.id, item.position, spell(item.name), spell(item.quantity),
                       spell(item.status));
  for (const auto& cargo : o.cargo) all += fmt::format(" c{} {}", cargo.position, spell(cargo.quantity));
  if (o.receiver) all += " r" + spell(o.receiver->full_name);
  if (o.warehouse_address) all += " w" + spell(o.warehouse_address->full_name);
  for (const auto& note : o.notes) all += " n" + note.path + note.raw;
  for (const auto& path : o.unknown_paths) all += " u" + path;
  o.content_hash = core::sha256_of(all);
  o.payload = all;
  o.payload_sha256 = core::sha256_of(o.payload);
}

core::order sample_order(std::int64_t id, int created, int observed) {
  core::order o;
  o.id = id;
  o.develop_id = 1053981698523398640;
  o.flow = "general";
  o.order_no = "1060631267218817636";
  o.tb_order_id = sample_number;
  o.discount_fen = -250;
  o.product_amount_fen = 4650;
  o.shipping_fee_fen = 500;
  o.total_amount_fen = 4518;
  o.refund_amount_fen = 0;
  o.sub_buyer_login_id = "pandaponpp2023:nhcn4";
  o.seller_login_id = "布丁果果服饰children";
  o.close_reason = "other";
  o.trade_type = "担保交易";
  o.is_invoice = 0;
  o.pay_status = 1;
  o.order_status = 7;
  o.refund_status = 0;
  o.platform_order = 0;
  o.user_id = "2217225334051";
  o.created_at = at_ms(created, 123);
  o.tb_created_at = at_ms(created);
  o.submission_success = true;
  o.submission_order_id = "2042894174938880794";
  o.submission_post_fee_fen = 500;
  o.submission_total_fen = 4518;
  o.items = {sample_item(id, 0), sample_item(id, 1)};
  o.cargo = {{0, 742813083800, "9b499234b4238c510eb66fb3768f00e7", "1"}};
  o.receiver =
      core::order_receiver{"收件人", "18275942991", "", "532600", "451481", "广西壮族自治区 凭祥市 皇龙聚6栋19号"};
  o.warehouse_address = core::order_warehouse_address{"仓库",   "18275942991", "",   "532600",    "凭祥市区",
                                                      "崇左市", "凭祥市区",    "省", "皇龙聚6栋", "451481"};
  o.observed_at = at_ms(observed);
  rehash(o);
  return o;
}

sync::window_batch proven_batch(core::window window, std::vector<core::order> orders, int observed) {
  sync::window_batch batch;
  batch.account = "main";
  batch.window = window;
  batch.proven = window;
  batch.outcome = sync::sweep_outcome::proven;
  batch.total = static_cast<std::int64_t>(orders.size());
  batch.seen = static_cast<std::int64_t>(orders.size());
  batch.pages = 1;
  batch.attempts = 1;
  batch.started_at = at_ms(observed);
  batch.finished_at = at_ms(observed + 1);
  for (auto& order : orders) order.observed_at = at_ms(observed);
  batch.orders = std::move(orders);
  return batch;
}

sync::window_batch unproven_batch(core::window window, std::vector<core::order> orders, int observed) {
  auto batch = proven_batch(window, std::move(orders), observed);
  batch.proven.reset();
  batch.outcome = sync::sweep_outcome::unproven;
  batch.reason = "the API counts 3 orders but returned 2";
  return batch;
}

void store_test::SetUp() {
  database_ = test_support::shared_cluster().create_database();
  superuser_ =
      std::make_unique<store::pg::connection>(test_support::shared_cluster().superuser_url(database_), "", never_);
  store_ = another_store();
  const auto applied = run(store_->migrate());
  ASSERT_TRUE(applied.has_value()) << applied.error().what;
  open("main");
}

store::pg::settings store_test::settings_for(std::vector<std::string> accounts) const {
  store::pg::settings s;
  s.url = test_support::shared_cluster().connection_url(database_);
  s.accounts = std::move(accounts);
  s.retry = {std::chrono::milliseconds{1}, std::chrono::milliseconds{20}, std::chrono::milliseconds{60'000}};
  return s;
}

std::unique_ptr<store::database> store_test::another_store(std::vector<std::string> accounts) {
  return store::make_database(settings_for(std::move(accounts)), log_);
}

void store_test::open(const std::string& account, const std::string& scope) {
  const auto opened = run(store_->open_account({account, scope, "asked for " + scope}));
  ASSERT_TRUE(opened.has_value()) << opened.error().what;
}

sync::commit_summary store_test::commit(sync::window_batch batch) {
  const auto summary = run(store_->commit(std::move(batch)));
  EXPECT_TRUE(summary.has_value()) << summary.error().what;
  return summary ? *summary : sync::commit_summary{};
}

core::error store_test::commit_fails(sync::window_batch batch) {
  const auto summary = run(store_->commit(std::move(batch)));
  EXPECT_TRUE(summary.has_error());
  return summary ? core::error{} : summary.error();
}

std::future<core::result<sync::commit_summary>> store_test::commit_meanwhile(sync::window_batch batch) {
  return std::async(std::launch::async, [this, batch = std::move(batch)] { return run(store_->commit(batch)); });
}

sync::commit_summary store_test::store_orders(std::vector<core::order> orders, int observed) {
  return commit(proven_batch(span(0, 60), std::move(orders), observed));
}

std::string store_test::value(const std::string& sql) {
  const auto r = superuser_->exec("look", sql);
  if (r.size() == 0) return "none";
  return r.is_null(0, 0) ? "NULL" : std::string{r.text(0, 0)};
}

std::string store_test::table(const std::string& sql) {
  return value("SELECT string_agg(regexp_replace(t::text, '^\\((.*)\\)$', '\\1'), E'\\n') FROM (" + sql + ") t");
}

void store_test::execute(const std::string& sql) {
  superuser_->exec_script("arrange", sql);
}

void store_test::wait_until(const std::string& sql) {
  for (int tries = 0; tries < 6000; ++tries) {
    if (value(sql) == "t") return;
    value("SELECT pg_sleep(0.01)");
  }
  FAIL() << "never came true: " << sql;
}

void store_test::kill_sessions() {
  value(
      fmt::format("SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity "
                  "WHERE usename = 'ordersync' AND datname = '{}'",
                  database_));
}

std::string store_test::row_versions() {
  std::string all;
  for (const auto* name : {"orders", "order_items", "order_cargo", "order_receivers", "order_warehouse_addresses",
                           "stored_payloads", "order_history", "quarantine", "schema_drift"}) {
    all += fmt::format("{}: {}\n", name,
                       value(fmt::format("SELECT string_agg(concat(ctid, ' ', xmin, ' ', xmax), ', ' ORDER BY ctid) "
                                         "FROM ordersync.{}",
                                         name)));
  }
  return all;
}

}  // namespace ordersync::store_test
