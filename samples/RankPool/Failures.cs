namespace RankPool;

/// <summary>The command line asks for something that cannot be done: one sentence on standard error, exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The data is not what it should be: one sentence that names the file, exit code 1.</summary>
public sealed class DataException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Training came to no result, for example because it diverged: one sentence, exit code 1.</summary>
public sealed class TrainingException(string message, Exception? cause = null) : Exception(message, cause);
