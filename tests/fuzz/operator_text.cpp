// Fuzz target: what operators type and what strangers' texts become on their terminal: times,
// durations, ids, safe text.
#include "core/platform/base/id.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace devy;
  using fuzz::expect;
  const auto text = fuzz::text_of(data, size);
  constexpr base::TimePoint first = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
  constexpr base::TimePoint end = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1);
  // Written with milliseconds, in the years that have four digits.
  if (const auto time = base::parse_rfc3339(text); time && *time >= first && *time < end) {
    const auto again = base::parse_rfc3339(base::format_rfc3339(*time));
    expect(again && *again <= *time && *time - *again < std::chrono::milliseconds(1),
           "a time is read back");
  }
  if (const auto day = base::parse_day(text))
    expect(base::parse_day(base::format_day(*day)) == day, "a day is read back");
  if (const auto duration = base::parse_duration(text))
    expect(!base::format_duration(*duration).empty(), "a duration is written");
  if (base::is_uuid(text)) expect(size == 36, "an id has its form");
  const auto safe = base::safe_text(text);
  for (const char c : safe)
    expect(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "nothing that a terminal obeys");
  return 0;
}
