#include "core/platform/base/metrics_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "core/platform/base/safe_text.hpp"

namespace devy::base {
namespace {

std::string number_text(double value) {
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string label_text(std::string_view value) {
  std::string text;
  for (const char c : base::safe_text(value)) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void MetricsText::sample(double value, const Labels& labels, std::string_view suffix) {
  text_.append(name_).append(suffix);
  const char* before = "{";
  for (const auto& [key, label] : labels) {
    text_.append(before).append(key).append("=\"").append(label_text(label)).append("\"");
    before = ",";
  }
  text_.append(labels.empty() ? " " : "} ").append(number_text(value)).append("\n");
}

void Histogram::add(double value) {
  for (std::size_t n = 0; n < bounds_.size(); ++n)
    if (value <= bounds_[n]) ++counts_[n];
  sum_ += value;
  ++count_;
}

void Histogram::write(MetricsText& text, const MetricsText::Labels& labels) const {
  auto bound = labels;
  bound.emplace_back("le", "");
  for (std::size_t n = 0; n < bounds_.size(); ++n) {
    bound.back().second = number_text(bounds_[n]);
    text.sample(counts_[n], bound, "_bucket");
  }
  bound.back().second = "+Inf";
  text.sample(count_, bound, "_bucket");
  text.sample(sum_, labels, "_sum");
  text.sample(count_, labels, "_count");
}

}  // namespace devy::base
