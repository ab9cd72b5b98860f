// What the store promises of a connection and libpqxx does not: waits that end, no connecting again, transactions that
// hold every statement, states of all errors. To a real server.
#include "store/store_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <csignal>
#include <optional>
#include <thread>

namespace ordersync::store_test {
namespace {

using std::chrono::steady_clock;
using ::testing::HasSubstr;

class connected : public store_test {
 protected:
  void SetUp() override {
    store_test::SetUp();
    db_.emplace(settings_for().url, "", stop_);
    db_->exec_script("arrange", "CREATE TABLE public.made (x integer PRIMARY KEY)");
  }
  void TearDown() override {
    if (frozen_ != 0) ::kill(frozen_, SIGCONT);
  }
  // A server that accepts and says nothing.
  void freeze_server() {
    frozen_ = db_->process();
    ASSERT_EQ(::kill(frozen_, SIGSTOP), 0);
  }
  template <class Call>
  store::pg::sql_error failure_of(Call call) {
    try {
      call();
    } catch (const store::pg::sql_error& why) {
      return why;
    }
    ADD_FAILURE() << "it went through";
    return {"none", {}};
  }
  std::string made() { return value("SELECT string_agg(x::text, ' ' ORDER BY x) FROM public.made"); }

  store::pg::stop_signal stop_;
  std::optional<store::pg::connection> db_;
  int frozen_ = 0;
};

TEST_F(connected, a_silent_server_is_waited_for_until_the_deadline) {
  freeze_server();
  db_->expire_at(steady_clock::now() + std::chrono::milliseconds{100});
  EXPECT_EQ(failure_of([&] { db_->exec("ask", "SELECT 1"); }).reason(), "no answer in time");
  EXPECT_EQ(failure_of([&] { db_->exec("ask", "SELECT 1"); }).reason(), "no answer in time");
}

TEST_F(connected, a_stop_ends_a_wait_for_a_silent_server) {
  freeze_server();
  std::thread stopper{[this] { stop_.raise(); }};
  const auto why = failure_of([&] { db_->exec("ask", "SELECT 1"); });
  stopper.join();
  EXPECT_THAT(why.reason(), HasSubstr("the program is stopping"));
  EXPECT_TRUE(why.transient());
}

TEST_F(connected, a_copy_to_a_silent_server_ends_in_time_and_leaves_nothing) {
  db_->begin(store::pg::access::write);
  db_->begin_copy("copy", "COPY public.made FROM STDIN");
  freeze_server();
  db_->expire_at(steady_clock::now() + std::chrono::milliseconds{200});
  const std::string lots(std::size_t{32} << 20U, '0');
  EXPECT_EQ(failure_of([&] { db_->put_copy(lots); }).reason(), "no answer in time");
  db_.reset();
  ::kill(std::exchange(frozen_, 0), SIGCONT);
  wait_until("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'COPY public.made%')");
  EXPECT_EQ(made(), "NULL");
}

TEST_F(connected, a_copy_that_is_left_in_the_middle_does_not_hold_its_connections_end_up) {
  db_->begin(store::pg::access::write);
  db_->begin_copy("copy", "COPY public.made FROM STDIN");
  db_->put_copy("1\n");
  freeze_server();
  db_.reset();
}

TEST_F(connected, a_session_that_ended_is_not_replaced) {
  kill_sessions();
  const auto why = failure_of([&] { db_->exec("ask", "SELECT $1::integer", {"1"}); });
  EXPECT_THAT(why.sqlstate(), ::testing::AnyOf("57P01", ""));
  EXPECT_TRUE(why.transient());
  EXPECT_EQ(failure_of([&] { db_->exec("ask", "SELECT 1"); }).reason(), "connection lost");
  EXPECT_EQ(failure_of([&] { db_->exec_script("ask", "SELECT 1"); }).reason(), "connection lost");
  EXPECT_EQ(failure_of([&] { db_->begin(store::pg::access::write); }).reason(), "connection lost");
  EXPECT_EQ(failure_of([&] { db_->listen("channel"); }).reason(), "connection lost");
  EXPECT_EQ(value("SELECT count(*) FROM pg_stat_activity WHERE usename = 'ordersync'"), "0");
}

TEST_F(connected, a_session_that_ends_within_a_transaction_says_why) {
  db_->begin(store::pg::access::write);
  const auto ended = std::to_string(db_->process());
  const auto why = failure_of([&] { db_->exec("end", "SELECT pg_terminate_backend($1)", {ended}); });
  EXPECT_EQ(why.sqlstate(), "57P01");
  EXPECT_TRUE(failure_of([&] { db_->commit(); }).transient());
}

TEST_F(connected, a_statement_with_parameters_that_comes_first_is_part_of_the_transaction) {
  db_->begin(store::pg::access::write);
  db_->exec("make", "INSERT INTO public.made VALUES ($1)", {"1"});
  EXPECT_EQ(made(), "NULL");
  db_->roll_back();
  EXPECT_EQ(made(), "NULL");
  db_->begin(store::pg::access::write);
  db_->exec("make", "INSERT INTO public.made VALUES ($1)", {"2"});
  db_->commit();
  EXPECT_EQ(made(), "2");
}

TEST_F(connected, a_transaction_that_is_dropped_with_its_connection_is_rolled_back) {
  db_->begin(store::pg::access::write);
  db_->exec("make", "INSERT INTO public.made VALUES (1)");
  db_.reset();
  EXPECT_EQ(made(), "NULL");
}

TEST_F(connected, a_transaction_that_reads_sees_one_snapshot_and_writes_nothing) {
  db_->begin(store::pg::access::read);
  EXPECT_EQ(db_->exec("count", "SELECT count(*) FROM public.made").integer(0, 0), 0);
  execute("INSERT INTO public.made VALUES (1)");
  EXPECT_EQ(db_->exec("count", "SELECT count(*) FROM public.made").integer(0, 0), 0);
  EXPECT_EQ(failure_of([&] { db_->exec("make", "INSERT INTO public.made VALUES (2)"); }).sqlstate(), "25006");
  db_->roll_back();
  EXPECT_EQ(db_->exec("count", "SELECT count(*) FROM public.made").integer(0, 0), 1);
}

TEST_F(connected, a_savepoint_survives_what_failed_after_it) {
  db_->begin(store::pg::access::write);
  db_->exec("make", "INSERT INTO public.made VALUES (1)");
  db_->exec("mark", "SAVEPOINT here");
  EXPECT_EQ(failure_of([&] { db_->exec("make", "INSERT INTO public.made VALUES ($1)", {"1"}); }).sqlstate(), "23505");
  db_->exec("return", "ROLLBACK TO SAVEPOINT here");
  db_->exec("make", "INSERT INTO public.made VALUES (2)");
  db_->commit();
  EXPECT_EQ(made(), "1 2");
}

TEST_F(connected, a_script_that_failed_is_rolled_back_and_the_connection_goes_on) {
  db_->begin(store::pg::access::write);
  EXPECT_EQ(failure_of([&] { db_->exec_script("make", "INSERT INTO public.made VALUES (1); SELECT 1/0"); }).sqlstate(),
            "22012");
  db_->roll_back();
  db_->exec("make", "INSERT INTO public.made VALUES (2)");
  EXPECT_EQ(made(), "2");
}

TEST_F(connected, every_error_bears_its_state_and_no_value) {
  for (const auto* state : {"08003", "08P01", "0A000", "23505", "40001", "40P01", "42501", "42P01", "53100", "53300",
                            "57014", "P0001", "XX000"}) {
    const auto sql = fmt::format("DO $$ BEGIN RAISE 'canary' USING ERRCODE = '{}'; END $$", state);
    const auto by_statement = failure_of([&] { db_->exec("raise", sql); });
    EXPECT_EQ(by_statement.sqlstate(), state);
    EXPECT_THAT(by_statement.reason(), ::testing::Not(HasSubstr("canary")));
    db_->begin(store::pg::access::write);
    EXPECT_EQ(failure_of([&] { db_->exec_script("raise", sql); }).sqlstate(), state);
    db_->roll_back();
  }
}

TEST_F(connected, an_error_of_a_copy_bears_its_state) {
  db_->begin_copy("copy", "COPY public.made FROM STDIN");
  db_->put_copy("1\n1\n");
  EXPECT_EQ(failure_of([&] { db_->end_copy(); }).sqlstate(), "23505");
  EXPECT_EQ(made(), "NULL");
}

TEST_F(connected, a_parameter_with_a_nul_byte_is_refused_and_not_cut) {
  EXPECT_THROW(db_->exec("ask", "SELECT $1::text", {std::string{"a\0b", 3}}), std::logic_error);
  const auto r = db_->exec("ask", "SELECT $1::text, $2::text, $3::text", {std::nullopt, "", "x"});
  EXPECT_TRUE(r.is_null(0, 0));
  EXPECT_FALSE(r.is_null(0, 1));
  EXPECT_EQ(r.text(0, 1), "");
  EXPECT_EQ(r.text(0, 2), "x");
}

TEST_F(connected, a_notification_is_received_also_one_that_came_with_an_answer) {
  const store::pg::stop_signal uninterrupted;
  db_->listen("channel");
  EXPECT_FALSE(db_->wait_for_notification(steady_clock::now(), uninterrupted));
  execute("NOTIFY channel");
  db_->begin(store::pg::access::read);
  db_->exec("ask", "SELECT 1");
  db_->commit();
  const auto far = steady_clock::now() + std::chrono::minutes{1};
  EXPECT_TRUE(db_->wait_for_notification(far, uninterrupted));
  std::thread speaker{[this] { execute("NOTIFY channel"); }};
  EXPECT_TRUE(db_->wait_for_notification(far, uninterrupted));
  speaker.join();
}

TEST_F(connected, whoever_listens_hears_that_the_session_ended_and_may_be_interrupted) {
  store::pg::stop_signal interrupt;
  db_->listen("channel");
  interrupt.raise();
  EXPECT_FALSE(db_->wait_for_notification(steady_clock::time_point::max(), interrupt));
  const store::pg::stop_signal uninterrupted;
  kill_sessions();
  const auto why = failure_of([&] { db_->wait_for_notification(steady_clock::time_point::max(), uninterrupted); });
  EXPECT_TRUE(why.transient());
}

}  // namespace
}  // namespace ordersync::store_test
