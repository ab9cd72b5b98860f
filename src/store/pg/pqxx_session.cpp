#include "store/pg/pqxx_session.hpp"

#include <pqxx/pqxx>

#include <utility>

namespace ordersync::store::pg {
namespace {

#if PQXX_VERSION_MAJOR >= 7

using connection_base = pqxx::connection;
using snapshot = pqxx::transaction<pqxx::isolation_level::repeatable_read, pqxx::write_policy::read_only>;

class borrowed_connection {
 public:
  explicit borrowed_connection(PGconn* lent) : connection_{pqxx::connection::seize_raw_connection(lent)} {}
  ~borrowed_connection() { let_go(); }
  borrowed_connection(const borrowed_connection&) = delete;
  borrowed_connection& operator=(const borrowed_connection&) = delete;

  // What still holds on to the connection finds it closed.
  void let_go() noexcept { [[maybe_unused]] auto* const lent = std::move(connection_).release_raw_connection(); }

  pqxx::connection& get() noexcept { return connection_; }
  void listen(const std::string& channel) {
    connection_.listen(channel, [](const pqxx::notification&) {});
  }

 private:
  pqxx::connection connection_;
};

pqxx::result run(pqxx::transaction_base& in, const std::string& sql, const std::vector<const char*>& parameters) {
  pqxx::params all;
  all.reserve(parameters.size());
  for (const char* one : parameters) {
    if (one == nullptr)
      all.append();
    else
      all.append(pqxx::zview{one});
  }
  return in.exec(pqxx::zview{sql}, all);
}

#else

using connection_base = pqxx::connection_base;
using snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;

// Gives the connection once, and neither connects nor closes.
class lender final : public pqxx::connectionpolicy {
 public:
  explicit lender(PGconn* lent) : connectionpolicy{std::string{}}, lent_(lent) {}

  handle do_startconnect(handle known) override {
    if (known != nullptr) return known;
    if (lent_ == nullptr) throw pqxx::broken_connection{};
    return std::exchange(lent_, nullptr);
  }
  handle do_dropconnect(handle /*known*/) noexcept override { return nullptr; }
  handle do_disconnect(handle /*known*/) noexcept override { return nullptr; }

 private:
  PGconn* lent_;
};

class silent_receiver final : public pqxx::notification_receiver {
 public:
  using notification_receiver::notification_receiver;
  void operator()(const std::string& /*payload*/, int /*process*/) override {}
};

// A base class, for pqxx::connection_base wants its policy first.
struct with_lender {
  lender policy;
};

class borrowed_connection final : with_lender, public pqxx::connection_base {
 public:
  explicit borrowed_connection(PGconn* lent) : with_lender{lender{lent}}, connection_base{policy} { init(); }
  ~borrowed_connection() {
    let_go();
    receivers_.clear();
    close();
  }
  borrowed_connection(const borrowed_connection&) = delete;
  borrowed_connection& operator=(const borrowed_connection&) = delete;

  // What still holds on to the connection finds it closed.
  void let_go() noexcept { disconnect(); }

  pqxx::connection_base& get() noexcept { return *this; }
  void listen(const std::string& channel) { receivers_.push_back(std::make_unique<silent_receiver>(*this, channel)); }

 private:
  std::vector<std::unique_ptr<silent_receiver>> receivers_;
};

pqxx::result run(pqxx::transaction_base& in, const std::string& sql, const std::vector<const char*>& parameters) {
  return in.exec_params(sql, pqxx::prepare::make_dynamic_params(parameters));
}

#endif

}  // namespace

struct pqxx_session::state {
  explicit state(PGconn* lent) : connection{lent} {}
  ~state() { connection.let_go(); }
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  // Calls work(transaction), with one of its own where none is open.
  template <class Work>
  pqxx::result within(Work work) {
    if (transaction) return work(*transaction);
    pqxx::nontransaction itself{connection.get()};
    return work(itself);
  }

  borrowed_connection connection;
  std::unique_ptr<pqxx::dbtransaction> transaction;
};

pqxx_session::pqxx_session(PGconn* lent) : state_{std::make_unique<state>(lent)} {}
pqxx_session::~pqxx_session() = default;

void pqxx_session::begin(access mode) {
  auto& on = state_->connection.get();
  if (mode == access::read)
    state_->transaction = std::make_unique<snapshot>(on);
  else
    state_->transaction = std::make_unique<pqxx::work>(on);
}

void pqxx_session::commit() {
  state_->transaction->commit();
  state_->transaction.reset();
}

void pqxx_session::roll_back() {
  if (state_->transaction) state_->transaction->abort();
  state_->transaction.reset();
}

pqxx::result pqxx_session::exec(const std::string& sql, const std::vector<const char*>& parameters) {
  return state_->within([&](pqxx::transaction_base& in) { return run(in, sql, parameters); });
}

pqxx::result pqxx_session::exec_script(const std::string& sql) {
  return state_->within([&](pqxx::transaction_base& in) { return in.exec(sql); });
}

void pqxx_session::listen(const std::string& channel) {
  state_->connection.listen(channel);
}

int pqxx_session::notifications() {
  return state_->connection.get().get_notifs();
}

}  // namespace ordersync::store::pg
