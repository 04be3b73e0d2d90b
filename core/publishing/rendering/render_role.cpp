#include "core/publishing/rendering/render_role.hpp"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <string>

#include "core/platform/process/child.hpp"
#include "core/publishing/rendering/render_message.hpp"
#include "core/publishing/rendering/renderer.hpp"

namespace devy::rendering {
namespace {

constexpr std::size_t setup_bytes_max = 65'536;
constexpr std::size_t path_bytes_extra = 65'536;

extern "C" void end_at_cpu_limit(int) {
  _exit(cpu_exceeded);
}

// Counts this process's CPU time, in the kernel: nothing a file does can hold it up.
void arm_cpu_limit(std::chrono::seconds limit) {
  itimerval timer{};
  timer.it_value.tv_sec = limit.count();
  setitimer(ITIMER_PROF, &timer, nullptr);
}

int play(process::Parent& parent) {
  const auto first = parent.receive(setup_bytes_max);
  if (!first) return 0;
  const RenderSetup setup = decode_setup(*first);
  struct sigaction action {};
  action.sa_handler = end_at_cpu_limit;
  sigaction(SIGPROF, &action, nullptr);
  parent.send("ready");

  const std::size_t frame_bytes_max = setup.limits.markdown_file_bytes_max + path_bytes_extra;
  std::string answer;
  while (const auto frame = parent.receive(frame_bytes_max)) {
    arm_cpu_limit(setup.limits.render_cpu);
    const post::Rendered rendered =
        post::make_document(decode_source(*frame), setup.limits, setup.options);
    encode(rendered.result, answer);
    arm_cpu_limit(std::chrono::seconds{0});
    parent.send(answer);
  }
  return 0;
}

}  // namespace

void register_render_role() {
  process::register_role(std::string(render_role), play, process::Confinement::computes);
}

}  // namespace devy::rendering
