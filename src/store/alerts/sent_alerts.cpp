#include "store/alerts/sent_alerts.hpp"

#include "store/leadership/leadership.hpp"
#include "store/pg/connection.hpp"
#include "store/pg/transaction_runner.hpp"
#include "store/values/sql_values.hpp"

#include <chrono>
#include <utility>

namespace ordersync::store::alerts {
namespace {

namespace asio = boost::asio;

std::vector<sent_alert> read_all(pg::connection& db) {
  const auto r = db.exec("read alert states", "SELECT webhook, kind, account, " + values::epoch_ms("since") + ", " +
                                                  values::epoch_ms("sent_at") + ", " + values::epoch_ms("ended_at") +
                                                  " FROM ordersync.alert_states ORDER BY webhook, kind, account");
  std::vector<sent_alert> all;
  for (int row = 0; row < r.size(); ++row) {
    sent_alert& one = all.emplace_back();
    one.webhook = r.text(row, 0);
    one.kind = r.text(row, 1);
    one.account = r.text(row, 2);
    one.since = values::read_instant(r, row, 3);
    one.sent_at = values::read_instant(r, row, 4);
    if (!r.is_null(row, 5)) one.ended_at = values::read_instant(r, row, 5);
  }
  return all;
}

void write_all(pg::connection& db, const std::string& webhook, const std::vector<sent_alert>& list) {
  db.exec("write alert states", "DELETE FROM ordersync.alert_states WHERE webhook = $1", {webhook});
  for (const auto& one : list)
    db.exec("write alert states",
            "INSERT INTO ordersync.alert_states (webhook, kind, account, since, sent_at, ended_at) "
            "VALUES ($1, $2, $3, $4::timestamptz, $5::timestamptz, nullif($6, '')::timestamptz)",
            {webhook, one.kind, one.account, core::to_text(one.since), core::to_text(one.sent_at),
             one.ended_at ? core::to_text(*one.ended_at) : std::string{}});
}

pg::session session_for(const pg::settings& s) {
  if (s.instance.empty()) return {};
  return {pg::session::purpose::work, leadership::session_name(s.instance)};
}

class postgres_sent_alerts final : public sent_alerts {
 public:
  postgres_sent_alerts(const pg::settings& s, core::log& log)
      : runner_(s.url, s.password, session_for(s), {.give_up_after = std::chrono::milliseconds{0}}, log) {}

  asio::awaitable<core::result<std::vector<sent_alert>>> read() override {
    co_return co_await runner_.run<std::vector<sent_alert>>("reading alert states", pg::access::read, read_all);
  }

  asio::awaitable<core::result<void>> replace(std::string webhook, std::vector<sent_alert> list) override {
    co_return co_await runner_.run<void>("writing alert states", pg::access::write,
                                         [&](pg::connection& db) { write_all(db, webhook, list); });
  }

  void close() noexcept override { runner_.close(); }
  void cut() noexcept override { runner_.cut(); }

 private:
  pg::transaction_runner runner_;
};

}  // namespace

std::unique_ptr<sent_alerts> make_sent_alerts(const pg::settings& s, core::log& log) {
  return std::make_unique<postgres_sent_alerts>(s, log);
}

}  // namespace ordersync::store::alerts
