#pragma once
// Finding out what the API's time filter does, from orders whose two creation times are known: which of the two it
// looks at, and whether the ends of a range belong to it. Pure.
//
// There are eight ways a filter may be. Each question is a range, chosen so that the ways which are left disagree about
// whether it shows a certain order; the answer rules some of them out.

#include "app/doctor/report.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace ordersync::app::doctor {

// In whole seconds: where an order has milliseconds, nobody knows whether the filter rounds.
struct dated_order {
  std::int64_t id = 0;
  core::second created{};
  core::second tb_created{};
};

struct filter_way {
  bool by_tb = false;
  bool begin_belongs = true;
  bool end_belongs = true;
};

class filter_inquiry {
 public:
  struct question {
    dated_order about;
    core::second begin{};
    core::second end{};
  };

  explicit filter_inquiry(std::vector<dated_order> orders);

  // The question that rules out most; none when these orders can show nothing more.
  std::optional<question> next() const;
  void answer(const question& asked, bool shown);
  // Whether the order was shown is unknown: no more questions about it.
  void dismiss(const question& asked) { dismissed_.insert(asked.about.id); }

  // Empty: the answers fit none of them.
  const std::vector<filter_way>& left() const noexcept { return left_; }

 private:
  std::vector<dated_order> orders_;
  std::set<std::int64_t> dismissed_;
  std::vector<filter_way> left_;
};

// "creation_time" and "filter_ends". `asked`: how many questions were answered.
std::vector<check> assess_filter(const std::vector<filter_way>& left, int asked);

}  // namespace ordersync::app::doctor
