#include "cli/terminal/progress.hpp"

#include <array>
#include <cstdio>

#include "cli/terminal/table.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"

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

std::string detail_text(const queue::Progress& progress, base::Duration elapsed) {
  auto text = detail_text(progress);
  constexpr base::Duration least = std::chrono::seconds(1);
  if (elapsed < least) return text;
  const auto seconds = std::chrono::duration<double>(elapsed).count();
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (progress.bytes > 0)
    add(bytes_text(static_cast<std::uint64_t>(static_cast<double>(progress.bytes) / seconds)) +
        "/s");
  const auto whole = [](base::Duration duration) {
    return base::format_duration(std::chrono::floor<std::chrono::seconds>(duration));
  };
  add(whole(elapsed));
  if (progress.done > 0 && progress.total > progress.done) {
    const auto left = seconds * static_cast<double>(progress.total - progress.done) /
                      static_cast<double>(progress.done);
    add(whole(std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(left))) +
        " left");
  }
  return text;
}

ProgressLine::ProgressLine(Context& context) : context_(context) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::show(const queue::Progress& progress) {
  const auto phase = progress.subject + ": " + progress.step;
  const auto now = context_.clock().monotonic_now();
  if (phase != phase_) begun_at_ = now;
  show(phase, detail_text(progress, std::chrono::duration_cast<base::Duration>(now - begun_at_)));
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
