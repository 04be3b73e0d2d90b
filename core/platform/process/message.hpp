#pragma once
// The one encoding of the messages between this program and its children: fields one after another,
// without names. Numbers are in native byte order, because both ends are the same program on the
// same machine; a text or a list begins with its size. Nothing of it is ever stored for another
// version of the program.
//
// A struct is a message when its namespace has a function that lists its fields, once for both
// directions:
//   void fields(auto& message, process::Of<Tip> auto& tip) { message(tip.branch, tip.bytes); }
//
// A child parses untrusted bytes and may have been taken over by them, so decoding believes
// nothing: it throws Error(internal) for a frame that ends early, has bytes behind the message, or
// exceeds a limit, and takes no more memory than a small multiple of the frame. Pure; any thread.

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/platform/base/asked_to_wait.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/secret.hpp"

namespace devy::process {

struct MessageFormat {
  const char* name = "a message";     // in errors: "unable to read <name>: …"
  std::size_t items_max = 1'000'000;  // of one list or map
  std::size_t text_bytes_max = 0x7fff'ffff;
  // Texts end up in columns and logs: invalid UTF-8 is replaced before it is sent, and refused from
  // whoever did not.
  bool is_utf8 = false;
};

template <class Type, class Message>
concept Of = std::same_as<std::remove_const_t<Type>, Message>;

// Types that are nothing but their bytes, each combination of which is a value. Numbers are; a type
// of another folder is declared to be one where it is sent.
template <class Type>
inline constexpr bool is_plain =
    std::is_arithmetic_v<Type> && !std::same_as<std::remove_const_t<Type>, bool>;

template <class Item, std::size_t count>
inline constexpr bool is_plain<std::array<Item, count>> = is_plain<Item>;

// Appends to a frame that it borrows.
class Encoder {
 public:
  // Replaces what is in the frame, and reuses its memory.
  Encoder(const MessageFormat& format, std::string& frame);

  template <class... Fields>
  void operator()(const Fields&... values) {
    (put(values), ...);
  }

 private:
  template <class Type>
  void put(const Type& value) {
    if constexpr (is_plain<Type>) put_bytes({reinterpret_cast<const char*>(&value), sizeof value});
    else fields(*this, value);
  }
  void put(bool truth) { frame_ += truth ? '\1' : '\0'; }
  void put(std::string_view text);
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(const char* text) { put(std::string_view(text)); }
  void put(const base::Secret& secret) { put(secret.reveal()); }
  void put(const base::Error& error);
  void put(const base::AskedToWait& error);
  template <class Number, class Period>
  void put(const std::chrono::duration<Number, Period>& duration) {
    put(static_cast<std::int64_t>(duration.count()));
  }
  template <class Clock, class Duration>
  void put(const std::chrono::time_point<Clock, Duration>& time) {
    put(time.time_since_epoch());
  }
  template <class Item>
  void put(const std::optional<Item>& item) {
    put(item.has_value());
    if (item) put(*item);
  }
  template <class Item>
  void put(const std::vector<Item>& items) {
    put_size(items.size());
    for (const auto& item : items)
      put(item);
  }
  template <class Key, class Item, class Order>
  void put(const std::map<Key, Item, Order>& items) {
    put_size(items.size());
    for (const auto& [key, item] : items)
      (*this)(key, item);
  }
  template <class... Kinds>
  void put(const std::variant<Kinds...>& message) {
    put(static_cast<std::uint8_t>(message.index()));
    std::visit([&](const auto& value) { (*this)(value); }, message);
  }
  void put_size(std::size_t size) { put(static_cast<std::uint32_t>(size)); }
  void put_bytes(std::string_view bytes) { frame_ += bytes; }

  const MessageFormat& format_;
  std::string& frame_;
};

// Takes the fields out of a frame, in the same order.
class Decoder {
 public:
  Decoder(const MessageFormat& format, std::string_view frame) : format_(format), rest_(frame) {}

  template <class... Fields>
  void operator()(Fields&... values) {
    (get(values), ...);
  }
  // The same for one field, also of a type that cannot be empty.
  template <class Type>
  [[nodiscard]] Type take() {
    if constexpr (std::same_as<Type, base::Error>) {
      return read_error();
    } else if constexpr (std::same_as<Type, base::AskedToWait>) {
      auto error = read_error();
      return {std::move(error), take<std::chrono::seconds>()};
    } else {
      Type value{};
      get(value);
      return value;
    }
  }
  // To be called at the end of each message.
  void finish() const;

 private:
  template <class Type>
  void get(Type& value) {
    if constexpr (is_plain<Type>)
      std::memcpy(&value, read_bytes(sizeof value).data(), sizeof value);
    else fields(*this, value);
  }
  void get(bool& truth);
  void get(std::string& text);
  void get(base::Secret& secret) { secret = base::Secret(take<std::string>()); }
  template <class Number, class Period>
  void get(std::chrono::duration<Number, Period>& duration) {
    const auto count = take<std::int64_t>();
    if (!std::in_range<Number>(count)) refuse("a time is out of range");
    duration = std::chrono::duration<Number, Period>(static_cast<Number>(count));
  }
  template <class Clock, class Duration>
  void get(std::chrono::time_point<Clock, Duration>& time) {
    time = std::chrono::time_point<Clock, Duration>(take<Duration>());
  }
  template <class Item>
  void get(std::optional<Item>& item) {
    item.reset();
    if (take<bool>()) item = take<Item>();
  }
  template <class Item>
  void get(std::vector<Item>& items) {
    items.clear();
    // One at a time: a size that is not true ends with the frame, not with the memory.
    for (auto left = read_size(); left > 0; --left)
      items.push_back(take<Item>());
  }
  template <class Key, class Item, class Order>
  void get(std::map<Key, Item, Order>& items) {
    items.clear();
    for (auto left = read_size(); left > 0; --left) {
      auto key = take<Key>();
      if (!items.try_emplace(std::move(key), take<Item>()).second) refuse("a name is there twice");
    }
  }
  template <class... Kinds>
  void get(std::variant<Kinds...>& message) {
    const auto index = take<std::uint8_t>();
    std::uint8_t kind = 0;
    const bool is_known = ((kind++ == index && (message = take<Kinds>(), true)) || ...);
    if (!is_known) refuse("it is of no known kind");
  }
  [[nodiscard]] std::uint32_t read_size();
  [[nodiscard]] std::string_view read_bytes(std::size_t count);
  [[nodiscard]] base::Error read_error();
  [[noreturn]] void refuse(const char* cause) const;

  const MessageFormat& format_;
  std::string_view rest_;
};

template <class... Fields>
[[nodiscard]] std::string encode(const MessageFormat& format, const Fields&... values) {
  std::string frame;
  Encoder(format, frame)(values...);
  return frame;
}

// The whole frame is one value.
template <class Type>
[[nodiscard]] Type decode(const MessageFormat& format, std::string_view frame) {
  Decoder decoder(format, frame);
  auto value = decoder.take<Type>();
  decoder.finish();
  return value;
}

}  // namespace devy::process
