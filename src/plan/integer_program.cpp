#include "plan/integer_program.hpp"

#include <coin/Cbc_C_Interface.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

namespace bitmason::plan {

namespace {

constexpr double kNoBound = -1e30;

struct Deleter {
  void operator()(Cbc_Model* model) const { Cbc_deleteModel(model); }
};

}  // namespace

IntegerProgram::Column IntegerProgram::add_column(double cost, bool integer) {
  costs_.push_back(cost);
  integer_.push_back(integer);
  return static_cast<Column>(costs_.size() - 1);
}

void IntegerProgram::add_row(double lower, double upper, std::vector<Term> terms) {
  rows_.push_back({lower, upper, std::move(terms)});
}

IntegerProgram::Outcome IntegerProgram::solve(int most_nodes, double gap) const {
  const std::unique_ptr<Cbc_Model, Deleter> owner(Cbc_newModel());
  Cbc_Model* model = owner.get();
  Cbc_setLogLevel(model, 0);
  for (std::size_t k = 0; k < costs_.size(); ++k) {
    Cbc_addCol(model, ("c" + std::to_string(k)).c_str(), 0, 1, costs_[k], integer_[k] ? 1 : 0, 0, nullptr,
               nullptr);
  }
  std::vector<int> columns;
  std::vector<double> factors;
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    columns.clear();
    factors.clear();
    for (const Term& term : rows_[k].terms) {
      columns.push_back(term.column);
      factors.push_back(term.factor);
    }
    const std::string name = "r" + std::to_string(k);
    const auto count = static_cast<int>(columns.size());
    Cbc_addRow(model, name.c_str(), count, columns.data(), factors.data(), 'L', rows_[k].upper);
    if (rows_[k].lower > kNoBound) Cbc_setRowLower(model, static_cast<int>(k), rows_[k].lower);
  }
  Cbc_setMaximumNodes(model, most_nodes);
  Cbc_setAllowableFractionGap(model, gap);
  Cbc_solve(model);
  // Where the search ends within gap, CBC gives the solution's cost as its bound.
  const double cost = Cbc_getObjValue(model);
  Outcome outcome{.bound = std::min(Cbc_getBestPossibleObjValue(model), cost - gap * std::abs(cost))};
  if (Cbc_isProvenInfeasible(model)) return {.status = Status::Infeasible};
  if (Cbc_isProvenOptimal(model)) outcome.status = Status::Optimal;
  const double* values = Cbc_bestSolution(model);
  if (values != nullptr) outcome.values.assign(values, values + costs_.size());
  return outcome;
}

}  // namespace bitmason::plan
