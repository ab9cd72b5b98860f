#pragma once
// Bytes as a server would compress them.

#include <stdexcept>
#include <string>
#include <string_view>
#include <zlib.h>

namespace ordersync::test_support {

enum class frame { gzip = 31, zlib = 15, none = -15 };  // zlib's windowBits

inline std::string packed(std::string_view text, frame as = frame::gzip) {
  z_stream state{};
  if (deflateInit2(&state, 9, Z_DEFLATED, static_cast<int>(as), 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib cannot begin");
  }
  std::string out(deflateBound(&state, text.size()) + 64, '\0');
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  state.avail_in = static_cast<uInt>(text.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&state, Z_FINISH) == Z_STREAM_END;
  out.resize(state.total_out);
  deflateEnd(&state);
  if (!whole) throw std::runtime_error("zlib did not end");
  return out;
}

}  // namespace ordersync::test_support
