#include "cli/terminal/pager.hpp"

#include <sys/ioctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace devy::cli {
namespace {

constexpr int command_not_found = 127;  // of the shell

}  // namespace

std::optional<std::size_t> terminal_height(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return std::nullopt;
  return size.ws_row;
}

std::optional<std::string> pager_for(const std::string& text, std::optional<std::size_t> height,
                                     const Environment& environment) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (!height || lines < *height || environment("TERM").value_or("dumb") == "dumb")
    return std::nullopt;
  auto pager = environment("DEVY_PAGER");
  if (!pager) pager = environment("PAGER");
  if (!pager) pager = "less";
  if (*pager == "cat") return std::nullopt;
  return pager;
}

bool show_through(const std::string& pager, const std::string& text) {
  // As git has it: colours, no pager for one screen, and the screen stays as it was.
  ::setenv("LESS", "FRX", 0);
  auto* stream = ::popen(pager.c_str(), "w");
  if (stream == nullptr) return false;
  // A person who leaves the pager early has seen enough: that is no error.
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stream));
  const int status = ::pclose(stream);
  return status != -1 && !(WIFEXITED(status) && WEXITSTATUS(status) == command_not_found);
}

}  // namespace devy::cli
