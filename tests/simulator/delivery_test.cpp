#include "delivery.hpp"

#include "fault_file.hpp"

#include <gtest/gtest.h>

namespace pandapon_sim {
namespace {

constexpr epoch_ms noon = 1'715'054'400'000;

delivery delivered(const std::string& fault = "", bool keep_alive = true) {
  reply what;
  what.body = "{\"total\":0}";
  if (!fault.empty()) what.faults = fault_plan::parse("at 1 " + fault).at(1, 1);
  return deliver(what, noon, keep_alive, 1);
}

bool holds(const delivery& d, std::string_view text) {
  return d.bytes.find(text) != std::string::npos;
}

TEST(delivery, of_a_plain_reply) {
  const delivery d = delivered();
  EXPECT_TRUE(d.bytes.starts_with("HTTP/1.1 200 OK\r\nDate: Tue, 07 May 2024 04:00:00 GMT\r\n"));
  EXPECT_TRUE(holds(d, "\r\nContent-Type: application/json\r\n"));
  EXPECT_TRUE(holds(d, "\r\nContent-Length: 11\r\n"));
  EXPECT_TRUE(d.bytes.ends_with("\r\n\r\n{\"total\":0}"));
  EXPECT_EQ(d.then, afterwards::keep);
}

TEST(delivery, closes_when_the_client_wants_it) {
  const delivery d = delivered("", false);
  EXPECT_TRUE(holds(d, "\r\nConnection: close\r\n"));
  EXPECT_EQ(d.then, afterwards::close);
}

TEST(delivery, can_break_off_in_the_body) {
  EXPECT_TRUE(delivered("cut 4").bytes.ends_with("\r\n\r\n{\"to"));
  EXPECT_TRUE(holds(delivered("cut 4"), "Content-Length: 11"));
  EXPECT_EQ(delivered("cut 4").then, afterwards::drop);
  EXPECT_EQ(delivered("cut-clean 4").then, afterwards::close);
  EXPECT_EQ(delivered("stall-body 4").then, afterwards::stall);
}

TEST(delivery, can_have_no_reply_at_all) {
  EXPECT_EQ(delivered("close").bytes, "");
  EXPECT_EQ(delivered("close").then, afterwards::close);
  EXPECT_EQ(delivered("reset").then, afterwards::reset);
  EXPECT_EQ(delivered("stall").then, afterwards::stall);
  EXPECT_FALSE(delivered("not-http").bytes.starts_with("HTTP"));
}

TEST(delivery, can_be_late_or_slow) {
  EXPECT_EQ(delivered("delay 2s").delay_ms, 2000);
  EXPECT_EQ(delivered("slow 100").bytes_per_second, 100);
}

TEST(delivery, can_announce_a_wrong_length) {
  EXPECT_TRUE(holds(delivered("length +3"), "Content-Length: 14\r\n"));
  EXPECT_TRUE(holds(delivered("length -3"), "Content-Length: 8\r\n"));
  EXPECT_FALSE(holds(delivered("no-length"), "Content-Length"));
  EXPECT_EQ(delivered("no-length").then, afterwards::close);
  EXPECT_TRUE(holds(delivered("two-lengths"), "Content-Length: 11\r\nContent-Length: 12\r\n"));
  EXPECT_TRUE(holds(delivered("length-and-chunked"), "Content-Length: 11\r\nTransfer-Encoding: chunked\r\n"));
}

TEST(delivery, can_come_in_chunks_good_and_bad) {
  EXPECT_TRUE(delivered("chunked").bytes.ends_with("\r\n\r\nb\r\n{\"total\":0}\r\n0\r\n\r\n"));
  EXPECT_TRUE(delivered("chunked-cut").bytes.ends_with("{\"total\":0}\r\n"));
  EXPECT_TRUE(delivered("bad-chunk").bytes.ends_with("zz\r\n{\"total\":0}\r\n0\r\n\r\n"));
}

TEST(delivery, can_carry_what_nobody_asked_for) {
  EXPECT_EQ(delivered("extra 10").bytes.size(), delivered().bytes.size() + 10);
  EXPECT_TRUE(delivered("interim").bytes.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(holds(delivered("header Content-Encoding gzip"), "\r\nContent-Encoding: gzip\r\n"));
  EXPECT_GT(delivered("big-header 20KiB").bytes.size(), 20'480U);
  EXPECT_TRUE(holds(delivered("date -3600"), "Date: Tue, 07 May 2024 03:00:00 GMT\r\n"));
  EXPECT_FALSE(holds(delivered("then-close"), "Connection: close"));
  EXPECT_EQ(delivered("then-close").then, afterwards::close);
}

}  // namespace
}  // namespace pandapon_sim
