#include <algorithm>
#include <cstddef>

#include "cli/commands/queue/audited.hpp"
#include "cli/commands/queue/inspect_text.hpp"
#include "cli/commands/queue/step_times.hpp"
#include "cli/commands/queue/top_view.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/history.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/list.hpp"
#include "core/systems.hpp"

// `top`: the overview and the operations, live, with keys to act on one of them.

namespace devy::cli {
namespace {

constexpr std::chrono::milliseconds key_patience{200};  // how soon a signal is heeded

void read_state(pg::Connection& connection, TopState& state) {
  state.overview = read_overview(connection);
  state.operations = web::list_operations(connection, {.states = states_of(state.filter)}).lines;
  order_operations(state.operations);
  std::vector<std::string> ids;
  for (const auto& line : state.operations)
    ids.push_back(line.id);
  state.subjects = systems::subjects(connection, ids);
  keep_mark(state);
}

// Everything of an operation of any kind, as lines.
std::vector<std::string> whole_operation(pg::Connection& connection, const std::string& id,
                                         base::TimePoint now) {
  const auto operation = queue::find_operation(connection, id);
  if (!operation) return {"it is not there any more"};
  const auto subjects = systems::subjects(connection, {id});
  const auto subject = subjects.find(id);
  std::vector<std::string> lines;
  const auto add = [&](const std::string& label, const std::string& text) {
    auto line = label;
    constexpr std::size_t label_width = 12;
    line.resize(label_width, ' ');
    if (!text.empty()) lines.push_back(line + base::safe_text(text));
  };
  add("id", operation->id);
  add("kind", operation->kind);
  add("subject", subject == subjects.end() ? operation->owner : subject->second);
  add("state", operation->state + (operation->step ? " (" + *operation->step + ")" : ""));
  add("source", operation->source);
  add("lane", operation->lane);
  add("attempt",
      std::to_string(operation->attempt) + " of " + std::to_string(operation->max_attempts));
  add("created", base::format_rfc3339(operation->created_at));
  if (operation->finished_at) add("finished", base::format_rfc3339(*operation->finished_at));
  if (operation->error_text)
    add("error", operation->error_code.value_or("failed") + ": " + *operation->error_text);
  const auto events = queue::list_events(connection, base::OperationId::trusted(id));
  add("steps", step_times_text(step_times(events, now)));
  lines.emplace_back();
  for (const auto& event : events)
    lines.push_back(event_line(event, false));
  return lines;
}

enum class TopAct { replay, cancel };

std::string do_act(Context& context, TopAct act, const std::string& text) {
  auto& connection = context.database();
  const auto id = base::OperationId::trusted(text);
  try {
    if (act == TopAct::cancel) {
      const auto state = audited(context.who(), connection, {"operation.cancel", text}, [&] {
        return queue::cancel(connection, id, false, "cancelled by " + context.who());
      });
      return state == queue::State::cancelled ? "cancelled" : "asked to stop";
    }
    audited(context.who(), connection, {"operation.replay", text}, [&] {
      queue::ReplayOptions options;
      options.extra_attempts = static_cast<int>(context.config().queue.max_attempts);
      options.requested_by = context.who();
      queue::replay(connection, id, options);
    });
    queue::wake_workers(connection);
    return "replayed";
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::conflict && error.kind() != base::ErrorKind::not_found)
      throw;
    return error.text();
  }
}

class Top {
 public:
  Top(Context& context, base::Duration interval)
      : context_(context), interval_(interval), screen_(context.terminal().is_out_colored) {}

  void run() {
    read();
    while (true) {
      draw();
      const auto press = screen_.read_key(key_patience);
      context_.check_stop();
      if (press.key == Key::letter && press.letter == 'q') return;
      if (press.key != Key::none) on_key(press);
      else if (context_.clock().monotonic_now() - read_at_ >= interval_) read();
    }
  }

 private:
  void read() {
    read_state(context_.database(), state_);
    if (!state_.whole.empty())
      state_.whole = whole_operation(context_.database(), looked_at_, context_.now());
    read_at_ = context_.clock().monotonic_now();
  }

  void draw() {
    const auto time = [&](base::TimePoint at) { return context_.time_text(at); };
    screen_.draw(top_lines(state_, screen_.width(), screen_.height(), time), top_bottom(state_));
  }

  void on_key(const KeyPress& press) {
    state_.message.clear();
    const auto page = screen_.height() / 2;
    switch (press.key) {
      case Key::up: move(-1); break;
      case Key::down: move(1); break;
      case Key::page_up: move(-static_cast<std::ptrdiff_t>(page)); break;
      case Key::page_down: move(static_cast<std::ptrdiff_t>(page)); break;
      case Key::first: move(-static_cast<std::ptrdiff_t>(end_of_list())); break;
      case Key::last: move(static_cast<std::ptrdiff_t>(end_of_list())); break;
      case Key::enter: open(); break;
      case Key::escape: close(); break;
      case Key::letter: on_letter(press.letter); break;
      case Key::none:
      case Key::resized: break;
    }
  }

  void on_letter(char letter) {
    switch (letter) {
      case 'j': move(1); break;
      case 'k': move(-1); break;
      case 'i': open(); break;
      case 'r': ask(TopAct::replay, "replay"); break;
      case 'c': ask(TopAct::cancel, "cancel"); break;
      case 'f':
        state_.filter = next_filter(state_.filter);
        read();
        break;
      default: state_.message = "no key: " + std::string(1, letter);
    }
  }

  [[nodiscard]] std::size_t end_of_list() const {
    return state_.whole.empty() ? state_.operations.size() : state_.whole.size();
  }

  // Scrolls what is looked at, else moves the mark.
  void move(std::ptrdiff_t lines) {
    auto& place = state_.whole.empty() ? state_.marked : state_.scrolled;
    const auto last = static_cast<std::ptrdiff_t>(std::max<std::size_t>(end_of_list(), 1)) - 1;
    place = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(place) + lines, 0, last));
    if (state_.whole.empty() && !state_.operations.empty())
      state_.marked_id = state_.operations[state_.marked].id;
  }

  void open() {
    if (!state_.whole.empty() || state_.operations.empty()) return;
    looked_at_ = state_.marked_id;
    state_.scrolled = 0;
    state_.whole = whole_operation(context_.database(), looked_at_, context_.now());
  }

  void close() { state_.whole.clear(); }

  // Acts once the person has said yes to this very operation.
  void ask(TopAct act, const std::string& verb) {
    const auto id = state_.whole.empty() ? state_.marked_id : looked_at_;
    if (id.empty()) return;
    constexpr std::size_t shown = 8;
    state_.message = verb + " " + id.substr(0, shown) + "? y/n";
    KeyPress answer;
    while (answer.key == Key::none || answer.key == Key::resized) {
      draw();
      answer = screen_.read_key(key_patience);
      context_.check_stop();
    }
    const bool is_yes = answer.key == Key::letter && answer.letter == 'y';
    state_.message = is_yes ? id.substr(0, shown) + ": " + do_act(context_, act, id) : "not done";
    read();
  }

  Context& context_;
  base::Duration interval_;
  Screen screen_;
  TopState state_;
  std::string looked_at_;
  base::MonotonicTime read_at_;
};

int run_top(Context& context, const Arguments& arguments) {
  const auto& terminal = context.terminal();
  if (!terminal.is_in_tty || !terminal.is_out_tty || context.is_json())
    throw base::Error(base::ErrorKind::usage, "unable to show a live screen: nobody is there",
                      "Use `devy-upload status`, which prints it once.");
  context.database();  // its errors are printed as those of every verb
  context.out().flush();
  Top(context, arguments.duration("interval").value_or(std::chrono::seconds(2))).run();
  return exit_ok;
}

}  // namespace

const Command& top_command() {
  static const Command command{
      .name = "top",
      .summary = "watch everything live, and act on operations by keys",
      .help =
          "Above, what `status` shows; below, the newest operations of every kind, those that run "
          "first. Arrows or j and k choose one, enter shows its history, r replays and c cancels "
          "it, after a question; f lists all, those that have not ended, or those that failed; q "
          "quits.",
      .examples = {"devy-upload top --interval 5s"},
      .options = {{.name = "interval",
                   .value = "D",
                   .help = "look at the database that often",
                   .kind = ValueKind::duration,
                   .default_value = "2s"}},
      .run = run_top};
  return command;
}

}  // namespace devy::cli
