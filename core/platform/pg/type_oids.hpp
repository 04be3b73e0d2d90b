#pragma once
// The numbers by which PostgreSQL names the types that we read and write in binary form: those of
// the built-in rows of pg_type, the same in every version.

#include <cstdint>

namespace devy::pg {

inline constexpr std::uint32_t bytea_oid = 17, int8_oid = 20, int2_oid = 21, int4_oid = 23,
                               text_oid = 25;

}  // namespace devy::pg
