/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} limitMs
 * @param {() => Error} tooLate
 * @returns {Promise<T>}
 */
export async function withLimit(promise, limitMs, tooLate) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
