#include "pandapon/http/content_coding.hpp"

#include "pandapon/text/lower_case.hpp"
#include "pandapon/text/shown_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <zlib.h>

namespace ordersync::pandapon::http {
namespace {

// The setting for zlib that says which frame is around the packed bytes.
constexpr int gzip_frame = 16 + MAX_WBITS;
constexpr int zlib_frame = MAX_WBITS;
constexpr int no_frame = -MAX_WBITS;

class inflater {
 public:
  inflater(std::string_view packed, int frame) : packed_(packed), ready_(inflateInit2(&state_, frame) == Z_OK) {}
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;
  ~inflater() {
    if (ready_) inflateEnd(&state_);
  }

  // Unpacks until `room` is full or all is done; how many bytes it gave.
  std::size_t fill(char* room, std::size_t size) {
    state_.next_out = reinterpret_cast<Bytef*>(room);
    state_.avail_out = static_cast<uInt>(size);
    int result = ready_ ? Z_OK : Z_MEM_ERROR;
    while (result == Z_OK && state_.avail_out > 0) {
      feed();
      result = inflate(&state_, Z_NO_FLUSH);
    }
    ended_ = result != Z_OK;
    well_ = result == Z_OK || (result == Z_STREAM_END && packed_.empty() && state_.avail_in == 0);
    return size - state_.avail_out;
  }

  bool ended() const noexcept { return ended_; }
  bool well() const noexcept { return well_; }  // so far, and at the end nothing was left over

 private:
  // zlib counts by 32 bits.
  void feed() {
    constexpr std::size_t portion = std::size_t{1} << 30U;
    if (state_.avail_in > 0 || packed_.empty()) return;
    const auto next = packed_.substr(0, portion);
    packed_.remove_prefix(next.size());
    // zlib does not write there; its old interface knows no const.
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(next.data()));
    state_.avail_in = static_cast<uInt>(next.size());
  }

  std::string_view packed_;  // what zlib has not been given yet
  z_stream state_{};
  bool ready_;
  bool ended_ = false;
  bool well_ = true;
};

struct measured {
  coding_state state = coding_state::damaged;
  std::uint64_t size = 0;
};

measured measure(std::string_view packed, int frame, std::uint64_t most) {
  std::array<char, 32'768> scratch{};
  inflater from(packed, frame);
  measured found;
  while (!from.ended()) {
    found.size += from.fill(scratch.data(), scratch.size());
    if (found.size > most) return {coding_state::too_large, 0};
  }
  if (from.well()) found.state = coding_state::plain;
  return found;
}

coding_state unpack_framed(int frame, std::uint64_t most, std::string& body) {
  const auto found = measure(body, frame, most);
  if (found.state == coding_state::too_large) std::string{}.swap(body);
  if (found.state != coding_state::plain) return found.state;
  std::string unpacked(found.size, '\0');
  inflater from(body, frame);
  for (std::size_t at = 0; at < unpacked.size();) {
    const auto portion = std::min<std::size_t>(unpacked.size() - at, std::size_t{1} << 30U);
    const auto got = from.fill(unpacked.data() + at, portion);
    if (got == 0) return coding_state::damaged;
    at += got;
  }
  body = std::move(unpacked);
  return coding_state::plain;
}

// "deflate" should have zlib's frame (RFC 9110, 8.4.1.2), and some servers leave it out.
coding_state unpack_deflate(std::uint64_t most, std::string& body) {
  const auto byte = [&](std::size_t i) { return i < body.size() ? static_cast<unsigned char>(body[i]) : 0U; };
  const bool framed = (byte(0) & 0x0FU) == Z_DEFLATED && (byte(0) * 256 + byte(1)) % 31 == 0;
  if (framed) return unpack_framed(zlib_frame, most, body);
  return unpack_framed(no_frame, most, body);
}

// The one coding that is not identity; "several" where there are more.
std::string one_coding(std::string_view list) {
  std::string found;
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    auto name = text::lower_case(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    std::erase_if(name, [](char c) { return c == ' ' || c == '\t'; });
    if (name.empty() || name == "identity") continue;
    if (!found.empty()) return "several";
    found = std::move(name);
  }
  return found;
}

}  // namespace

coding_state unpack(std::string_view coding, std::uint64_t most, std::string& body) {
  const auto name = one_coding(coding);
  if (name.empty() || body.empty()) return coding_state::plain;
  if (name == "gzip" || name == "x-gzip") return unpack_framed(gzip_frame, most, body);
  if (name == "deflate") return unpack_deflate(most, body);
  return coding_state::unknown;
}

std::string coding_flaw(coding_state state, std::string_view coding) {
  const auto name = one_coding(coding);
  if (state == coding_state::damaged) {
    return fmt::format(
        "claims the encoding {} but cannot be unpacked completely; check the proxies between this machine and the "
        "server",
        name);
  }
  if (state == coding_state::too_large) return "is too large once it is unpacked";
  const auto shown = name == "several" ? std::string("several codings") : text::shown_code(name);
  return fmt::format(
      "is encoded with {} although ordersync requested identity; only gzip and deflate are supported; make the server, "
      "or the proxy in front of it, respect Accept-Encoding",
      shown.empty() ? "an unknown coding" : shown);
}

}  // namespace ordersync::pandapon::http
