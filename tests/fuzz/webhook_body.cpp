// Fuzz target: a delivery's body under every event name we know, as JSON and as a form. The first
// line is the event's name.
#include "core/platform/webhook/event.hpp"
#include "core/platform/webhook/form.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace devy;
using fuzz::expect;

void read(std::string_view name, std::string_view body) {
  if (!webhook::is_event_name(name)) return;
  fuzz::only_refuses([&] {
    const auto event = webhook::parse_event(name, body);
    expect(event.name == name, "an event keeps its name");
    if (const auto* push = std::get_if<webhook::Push>(&event.what))
      expect(push->after.size() == 40, "a push names a commit");
    if (event.repository)
      expect(event.repository->owner.find_first_of("/\n\r\t \"'") == std::string::npos,
             "an owner is a name");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return 0;
  const auto name = text.substr(0, end), body = text.substr(end + 1);
  read(name, body);
  if (const auto payload = webhook::payload_of_form(body)) read(name, *payload);
  webhook::SigningSecret secret{"a", base::Secret(std::string(32, 'k')), std::nullopt, {}};
  const std::span secrets(&secret, 1);
  const base::TimePoint now{};
  // The body itself as a signature of itself: nobody can know one without the secret.
  expect(webhook::find_signer(secrets, body, body, std::nullopt, now) == nullptr,
         "only the holder of the secret signs");
  expect(webhook::find_signer(secrets, body, "sha256=" + webhook::sign(body, secret.secret),
                              std::nullopt, now) != nullptr ||
             webhook::find_signer(secrets, body, webhook::sign(body, secret.secret), std::nullopt,
                                  now) != nullptr,
         "the holder of the secret signs any body");
  return 0;
}
