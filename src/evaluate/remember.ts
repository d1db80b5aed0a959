/** Makes a function of one object compute its result once and keep it for as long as the object is. */
export function remember<Of extends object, Result>(compute: (of: Of) => Result): (of: Of) => Result {
  const known = new WeakMap<Of, Result>();
  return (of) => {
    let result = known.get(of);
    if (result === undefined) {
      result = compute(of);
      known.set(of, result);
    }
    return result;
  };
}
