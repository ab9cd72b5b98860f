#include "pandapon/http/connect.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::pandapon::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

// Enough to see what is wrong.
constexpr std::size_t most_named = 4;

std::string text_of(const asio::ip::address& address) {
  return address.is_v6() ? fmt::format("[{}]", address.to_string()) : address.to_string();
}

}  // namespace

tcp_addresses by_turns(const tcp_addresses& addresses) {
  tcp_addresses first;
  tcp_addresses other;
  for (const auto& one : addresses) (one.protocol() == addresses.front().protocol() ? first : other).push_back(one);
  tcp_addresses ordered;
  for (std::size_t i = 0; i < std::max(first.size(), other.size()); ++i) {
    if (i < first.size()) ordered.push_back(first[i]);
    if (i < other.size()) ordered.push_back(other[i]);
  }
  return ordered;
}

connection_race::connection_race(asio::any_io_executor executor, const tcp_addresses& addresses)
    : executor_(std::move(executor)), addresses_(by_turns(addresses)), wake_(executor_) {
  attempts_.reserve(addresses_.size());  // those that run stay where they are
}

asio::awaitable<std::optional<tcp::socket>> connection_race::run(steady_clock::time_point limit) {
  const auto self = shared_from_this();
  while (!is_over() && steady_clock::now() < limit) {
    if (is_next_due()) {
      start_next();
      continue;
    }
    const bool more = attempts_.size() < addresses_.size();
    wake_.expires_at(more ? std::min(limit, next_at_) : limit);
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  std::optional<tcp::socket> won;
  if (winner_ && !closed_) won.emplace(std::move(attempts_[*winner_].socket));
  close();
  co_return won;
}

bool connection_race::is_over() const {
  const bool all_failed = attempts_.size() == addresses_.size() &&
                          std::ranges::all_of(attempts_, [](const attempt& one) { return one.ended.has_value(); });
  return closed_ || winner_ || all_failed;
}

bool connection_race::is_next_due() const {
  if (attempts_.size() == addresses_.size()) return false;
  return attempts_.empty() || attempts_.back().ended || steady_clock::now() >= next_at_;
}

void connection_race::start_next() {
  const auto number = attempts_.size();
  attempts_.push_back({tcp::socket(executor_)});
  next_at_ = steady_clock::now() + head_start;
  attempts_.back().socket.async_connect(
      addresses_[number],
      [self = shared_from_this(), number](const error_code& failed) { self->conclude(number, failed); });
}

void connection_race::conclude(std::size_t number, const error_code& failed) {
  if (closed_) return;
  attempts_[number].ended = failed;
  if (!failed && !winner_) winner_ = number;
  wake_.cancel();
}

std::string connection_race::failures() const {
  const auto reason = [&](std::size_t number) {
    const bool tried = number < attempts_.size();
    if (!tried) return std::string("not tried in time");
    return attempts_[number].ended ? attempts_[number].ended->message() : std::string("no answer");
  };
  if (addresses_.size() == 1) return reason(0);
  std::string text;
  for (std::size_t i = 0; i < std::min(most_named, addresses_.size()); ++i)
    text += fmt::format("{}{}: {}", i == 0 ? "" : "; ", text_of(addresses_[i].address()), reason(i));
  if (addresses_.size() > most_named) text += fmt::format("; and {} more", addresses_.size() - most_named);
  return text;
}

void connection_race::close() noexcept {
  closed_ = true;
  error_code ignored;
  for (auto& one : attempts_) one.socket.close(ignored);
  wake_.cancel();
}

}  // namespace ordersync::pandapon::http
