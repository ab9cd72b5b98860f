#pragma once
// How a task is stopped whose work is done by parts that come and go: those that are at work are stopped, the last
// begun first.
//
// One I/O thread.

#include <functional>
#include <list>
#include <utility>

namespace ordersync::app::runtime {

class stop_signal {
 public:
  // `last` is called after the parts.
  explicit stop_signal(std::function<void()> last) : last_(std::move(last)) {}
  stop_signal(const stop_signal&) = delete;
  stop_signal& operator=(const stop_signal&) = delete;

  // Stops the parts at work. One that would begin later has to look at requested().
  void request();
  bool requested() const noexcept { return requested_; }

 private:
  struct part {
    std::function<void()> stop;
    bool stopped = false;
  };

 public:
  // For as long as it lives, a part is stopped with the task. Lives no longer than the signal.
  class registration {
   public:
    registration(stop_signal& of, std::function<void()> stop)
        : parts_(of.parts_), at_(parts_.insert(parts_.end(), part{std::move(stop)})) {}
    ~registration() { parts_.erase(at_); }
    registration(const registration&) = delete;
    registration& operator=(const registration&) = delete;

   private:
    std::list<part>& parts_;
    std::list<part>::iterator at_;
  };

  // Of a part that is stopped by its stop().
  template <class Part>
  [[nodiscard]] registration stops(Part& stopped) {
    return registration{*this, [&stopped] { stopped.stop(); }};
  }

 private:
  std::function<void()> last_;
  std::list<part> parts_;
  bool requested_ = false;
};

}  // namespace ordersync::app::runtime
