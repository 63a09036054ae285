export const message = 'the script runs';
