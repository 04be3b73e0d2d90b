#pragma once
// Applies to the mirror's rows what a delivery says of one thing. Run it inside the caller's
// transaction, behind the fence of its operation; whoever calls it tells the observers of rows
// (store/row_observer.hpp) when its own rows are written. Throws what pg::Connection throws, and
// base::Error for a payload without the thing.

#include "core/mirror/scan/told.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::scan {

mirror::Applied apply_told(pg::Connection& connection, const Told& told);

}  // namespace devy::scan
