// Fuzz target: tokens of the API. Nobody without the key gets in, whatever they send; a token of
// ours whose payload is anything is read or refused.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/platform/token/claims.hpp"
#include "core/platform/token/key_ring.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace devy;

const std::string& shared_secret() {
  static const std::string secret(48, 's');
  return secret;
}

std::string base64url(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  while (text.ends_with('='))
    text.pop_back();
  for (auto& c : text)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string signed_by_us(std::string_view payload) {
  const auto message = base64url(R"({"alg":"HS256","kid":"a"})") + "." + base64url(payload);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(EVP_sha256(), shared_secret().data(), static_cast<int>(shared_secret().size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac, &length);
  return message + "." + base64url({reinterpret_cast<const char*>(mac), length});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const token::Keys keys = [] {
    token::Keys made;
    made.emplace(
        "a", std::make_shared<token::Key>(token::Key::from_secret(base::Secret(shared_secret()))));
    return made;
  }();
  const token::Rules rules{"issuer", "audience"};
  const base::TimePoint now{std::chrono::seconds(1'790'000'000)};
  const auto text = fuzz::text_of(data, size);
  try {
    static_cast<void>(token::verify(text, keys, rules, now));
    fuzz::expect(false, "nobody without the key gets in");
  } catch (const base::Error& error) {
    fuzz::expect(error.kind() == base::ErrorKind::denied, "a token is refused as one");
  }
  fuzz::only_refuses([&] {
    fuzz::expect(!token::verify(signed_by_us(text), keys, rules, now).subject.empty(),
                 "a token names its subject");
  });
  fuzz::only_refuses([&] { static_cast<void>(token::parse_jwks(text)); });
  return 0;
}
