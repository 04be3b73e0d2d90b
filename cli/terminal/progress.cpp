#include "cli/terminal/progress.hpp"

#include <array>
#include <cstdio>

#include "cli/terminal/table.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::cli {
namespace {

constexpr std::chrono::milliseconds redraw_interval{100};

std::string bytes_text(std::uint64_t bytes) {
  constexpr double kilobyte = 1e3, megabyte = 1e6;
  std::array<char, 32> buffer{};
  const auto value = static_cast<double>(bytes);
  if (value < megabyte) std::snprintf(buffer.data(), buffer.size(), "%.0f kB", value / kilobyte);
  else std::snprintf(buffer.data(), buffer.size(), "%.1f MB", value / megabyte);
  return buffer.data();
}

}  // namespace

std::string detail_text(const queue::Progress& progress) {
  std::string text;
  if (progress.done > 0 || progress.total > 0) text = std::to_string(progress.done);
  if (progress.total > 0) text += " of " + std::to_string(progress.total);
  if (progress.bytes > 0) text += (text.empty() ? "" : ", ") + bytes_text(progress.bytes);
  return text;
}

ProgressLine::ProgressLine(Context& context) : context_(context) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::show(const queue::Progress& progress) {
  show(progress.subject + ": " + progress.step, detail_text(progress));
}

void ProgressLine::show(const std::string& phase, const std::string& detail) {
  if (context_.options().is_quiet) return;
  const bool is_new_phase = phase != phase_;
  phase_ = phase;
  auto& terminal = context_.terminal();
  if (!terminal.is_err_tty) {
    if (is_new_phase) terminal.err << base::safe_text(phase) << '\n' << std::flush;
    return;
  }
  const auto now = context_.clock().monotonic_now();
  if (!is_new_phase && now - drawn_at_ < redraw_interval) return;
  drawn_at_ = now;
  const auto text = base::safe_text(detail.empty() ? phase + "…" : phase + "  " + detail);
  // One column stays free: terminals wrap a full line.
  terminal.err << "\r\x1b[K" << cut_to_width(text, terminal.width - 1) << std::flush;
  is_drawn_ = true;
}

void ProgressLine::clear() {
  if (is_drawn_) context_.err() << "\r\x1b[K" << std::flush;
  is_drawn_ = false;
}

}  // namespace devy::cli
