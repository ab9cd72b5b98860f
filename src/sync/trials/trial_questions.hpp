#pragma once
// The questions that trials ask: each is one request or a few, and adds what it shows to the evidence.

#include "sync/trials/trial.hpp"

namespace ordersync::sync::trials {

// Whether the order is among those of the page that can be read.
bool shows_order(const page& reply, std::int64_t id);

class questions {
 public:
  questions(page_fetcher ask, std::function<core::instant()> now, evidence::evidence& known, int page_size)
      : ask_(std::move(ask)), now_(std::move(now)), known_(known), page_size_(page_size) {}
  questions(const questions&) = delete;
  questions& operator=(const questions&) = delete;

  // One of the first pages of lists, sent ahead.
  struct planned {
    core::window range;
    std::optional<int> status{};
    bool after_others = false;  // sent only when all before it have been answered
  };

  // From here on requests may be sent ahead, `most` at once. Then await end(), whatever happened.
  void send_ahead(boost::asio::any_io_executor executor, int most);
  // What will be asked next, in this order, if nothing comes of it that changes the course. Asked for in vain, it costs
  // requests and nothing else.
  void plan(const std::vector<planned>& next);
  // Whether that page is on its way.
  bool plans(core::window range, std::optional<int> status) const;
  // See page_prefetch::end().
  boost::asio::awaitable<void> end();

  template <class T>
  using answer = boost::asio::awaitable<core::result<T>>;

  // One page. Where what it shows lies in the range it is added to the evidence; else outside() says why not.
  answer<page> read(core::window range, int number = 1, std::optional<int> status = {});
  answer<std::int64_t> count(core::window range, std::optional<int> status = {});
  // Whether a list of the range has the order on its first page or, where it is sorted the other way, its last.
  answer<bool> shows(core::window range, evidence::witness order);
  // The same of the seconds of its creation.
  answer<bool> shows_itself(const evidence::witness& order);

  // Whether the API refuses the question for what it asks; anything else that fails is no answer.
  static bool refuses(const core::error& why) noexcept { return why.kind == core::failure::unusable_reply; }

  const std::string& outside() const noexcept { return outside_; }
  std::int64_t calls() const noexcept { return calls_ + (ahead_ ? ahead_->calls() : 0); }
  int page_size() const noexcept { return page_size_; }
  void use_page_size(int size) noexcept { page_size_ = size; }
  core::instant now() const { return now_(); }
  evidence::evidence& known() noexcept { return known_; }

 private:
  answer<page> read_first_page(core::window range, std::optional<int> status, std::int64_t id);
  answer<bool> shows_with(core::window range, evidence::witness order, std::optional<int> status);

  boost::asio::awaitable<page_prefetch::arrived> fetch(page_request request);
  page_request request_for(core::window range, int number, std::optional<int> status) const;

  page_fetcher ask_;
  std::function<core::instant()> now_;
  evidence::evidence& known_;
  int page_size_;
  std::optional<page_prefetch> ahead_;
  std::int64_t calls_ = 0;
  std::string outside_;
};

}  // namespace ordersync::sync::trials
